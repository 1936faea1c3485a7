"""The server: it listens, plays its sources and drops silent clients."""

import asyncio
import contextlib
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from scripts.rtsp_server.connection import Connection
from scripts.rtsp_server.digest import Credentials
from scripts.rtsp_server.registry import Registry
from scripts.rtsp_server.source import LiveSource, load_clip
from scripts.rtsp_server.trouble import Trouble

_LOOK_FOR_SILENT_CLIENTS_EVERY_S = 0.5


class RtspServer:
    """Serves clips under `rtsp://host:port/NAME`. Use it as `async with RtspServer({...}) as server:`.

    Args:
        mounts: name → file. Files are read into memory at construction (ValueError when one cannot be served).
        port: 0 takes a free one; see `port` once it runs.
        credentials: None lets everybody in.
        session_timeout_s: a client without a sign of life for so long is dropped.
    """

    def __init__(
        self,
        mounts: Mapping[str, Path],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        credentials: Credentials | None = None,
        session_timeout_s: float = 60.0,
    ) -> None:
        sources = {name: LiveSource(name, load_clip(path)) for name, path in mounts.items()}
        self.registry = Registry(sources, credentials, session_timeout_s)
        self.host = host
        self.port = port
        self._server: asyncio.Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def url(self, name: str, *, login: bool = True) -> str:
        """Where a client finds a source; with user and password unless `login` is false."""
        credentials = self.registry.credentials
        who = ""
        if login and credentials:
            who = f"{quote(credentials.user, safe='')}:{quote(credentials.password, safe='')}@"
        return f"rtsp://{who}{self.host}:{self.port}/{name}"

    async def start(self) -> None:
        """Listen and play.

        Raises:
            OSError: the port is taken.
        """
        self._server = await asyncio.start_server(self._serve_connection, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._tasks = [asyncio.create_task(source.play()) for source in self.registry.sources.values()]
        self._tasks.append(asyncio.create_task(self._drop_silent_clients()))

    async def stop(self) -> None:
        """Close everything; clients see the end of the stream."""
        if self._server:
            self._server.close()
        tasks = [*self._tasks, *self._connections]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._server:
            await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> "RtspServer":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def make_trouble(self, trouble: Trouble, name: str | None = None) -> None:
        """Let one source, or all of them, misbehave (`Trouble.NONE`: behave again)."""
        for source in self.registry.sources.values():
            if name in (None, source.name):
                source.trouble = trouble

    def cut(self) -> None:
        """Break all connections at once, without a goodbye; the server goes on listening."""
        for writer in self._connections.values():
            writer.transport.abort()

    async def _drop_silent_clients(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_FOR_SILENT_CLIENTS_EVERY_S)
            self.registry.end_silent_sessions()

    async def _serve_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = writer
        try:
            # Cancelled by stop(), left by the client, or broken on the way: each is a connection's normal end.
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                await Connection(self.registry, writer).serve(reader)
        finally:
            del self._connections[task]
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
