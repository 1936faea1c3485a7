"""One client's RTSP connection: its requests, their answers, and the sessions that it set up."""

import asyncio

from scripts.rtsp_server.digest import Gate
from scripts.rtsp_server.messages import BadRequestError, InterleavedFrame, Request, Response, read_message
from scripts.rtsp_server.registry import Registry
from scripts.rtsp_server.sdp import TRACK, describe
from scripts.rtsp_server.session import Session
from scripts.rtsp_server.source import LiveSource
from scripts.rtsp_server.transport import UnsupportedTransportError, negotiate
from scripts.rtsp_server.trouble import Trouble

METHODS = ("OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER")
_LOOK_AGAIN_S = 0.05


class Connection:
    """Serves one client until it leaves or sends something that is no RTSP."""

    def __init__(self, registry: Registry, writer: asyncio.StreamWriter) -> None:
        self._registry = registry
        self._writer = writer
        self._gate = Gate(registry.credentials)
        self._sessions: list[Session] = []

    async def serve(self, reader: asyncio.StreamReader) -> None:
        """Answer until the end.

        Raises:
            asyncio.IncompleteReadError: the client left.
            ConnectionError: it left without a goodbye.
        """
        try:
            while True:
                message = await read_message(reader)
                if isinstance(message, InterleavedFrame):
                    for session in self._sessions:
                        session.keep_alive()
                    continue
                await self._sit_out_hang(message.mount)
                response = await self._answer(message)
                self._writer.write(response.encode(message.headers.get("cseq", "0")))
                await self._writer.drain()
        except BadRequestError:
            self._writer.write(Response(400, [("Connection", "close")]).encode("0"))
        finally:
            for session in self._sessions:
                self._registry.end(session)

    async def _sit_out_hang(self, mount: str) -> None:
        source = self._registry.sources.get(mount)
        while source and source.trouble is Trouble.HANG:
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def _answer(self, request: Request) -> Response:
        session = self._registry.sessions.get(request.session)
        if session:
            session.keep_alive()
        if request.method == "OPTIONS":
            return Response(200, [("Public", ", ".join(METHODS))])
        if not self._gate.admits(request.method, request.headers.get("authorization", "")):
            return Response(401, [("WWW-Authenticate", offer) for offer in self._gate.challenges()])
        if request.method in ("DESCRIBE", "SETUP"):
            return await self._introduce(request)
        if request.method not in METHODS:
            return Response(405, [("Allow", ", ".join(METHODS))])
        return self._control(request, session) if session else Response(454)

    async def _introduce(self, request: Request) -> Response:
        source = self._registry.sources.get(request.mount)
        if source is None:
            return Response(404)
        if request.method == "SETUP":
            return await self._set_up(request, source)
        own_address = self._writer.get_extra_info("sockname")[0]
        headers = [("Content-Base", request.url.rstrip("/") + "/"), ("Content-Type", "application/sdp")]
        return Response(200, headers, describe(source.name, source.clip, own_address))

    async def _set_up(self, request: Request, source: LiveSource) -> Response:
        if request.session:
            return Response(455)  # there is one track, so nothing can be added to a session
        session = Session(source)
        try:
            transport = await negotiate(request.headers.get("transport", ""), self._writer, session.keep_alive)
        except UnsupportedTransportError:
            return Response(461)
        self._sessions.append(session)
        self._registry.sessions[session.id] = session
        timeout_s = max(1, round(self._registry.session_timeout_s))
        return Response(
            200, [("Transport", session.attach(transport)), ("Session", f"{session.id};timeout={timeout_s}")]
        )

    def _control(self, request: Request, session: Session) -> Response:
        headers = [("Session", session.id)]
        match request.method:
            case "PLAY":
                session.play()
                headers.append(("Range", "npt=now-"))
                headers.append(("RTP-Info", f"url={request.url.rstrip('/')}/{TRACK};seq={session.rtp.sequence}"))
            case "PAUSE":
                session.pause()
            case "TEARDOWN":
                self._registry.end(session)
            case _:  # GET_PARAMETER and SET_PARAMETER are only signs of life
                pass
        return Response(200, headers)
