"""What a server has: sources to watch and sessions that watch them."""

from dataclasses import dataclass, field

from scripts.rtsp_server.digest import Credentials
from scripts.rtsp_server.session import Session
from scripts.rtsp_server.source import LiveSource


@dataclass(slots=True)
class Registry:
    """Shared by all connections of one server."""

    sources: dict[str, LiveSource]
    credentials: Credentials | None
    session_timeout_s: float
    sessions: dict[str, Session] = field(default_factory=dict)

    def end(self, session: Session) -> None:
        """Forget a session; harmless when it is gone already."""
        session.close()
        self.sessions.pop(session.id, None)

    def end_silent_sessions(self) -> None:
        """Drop the clients that gave no sign of life for the timeout."""
        for session in list(self.sessions.values()):
            if session.silent_for_s() > self.session_timeout_s:
                self.end(session)
