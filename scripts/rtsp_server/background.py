"""The server in a thread of its own, for tests and for programs that are not asynchronous."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from scripts.rtsp_server.digest import Credentials
from scripts.rtsp_server.server import RtspServer
from scripts.rtsp_server.trouble import Trouble


class BackgroundRtspServer:
    """`with BackgroundRtspServer({"north": path}) as server: av.open(server.url("north"))`.

    It takes what `RtspServer` takes. `start` and `stop` may be called again and again; the port stays the same, so a
    client can find a server that came back.
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
        self._mounts = dict(mounts)
        self.host = host
        self.port = port
        self._credentials = credentials
        self._session_timeout_s = session_timeout_s
        self._server: RtspServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopping: asyncio.Event | None = None

    @property
    def server(self) -> RtspServer:
        """The running server; read only from this thread, its loop runs in another.

        Raises:
            RuntimeError: it is not running.
        """
        if self._server is None:
            raise RuntimeError("the RTSP server is not running")
        return self._server

    def start(self) -> None:
        """Return once clients can connect.

        Raises:
            OSError: the port is taken.
            ValueError: a file cannot be served.
        """
        ready: threading.Event = threading.Event()
        failures: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(ready, failures), name="rtsp-server", daemon=True)
        self._thread.start()
        ready.wait()
        if failures:
            self._thread.join()
            raise failures[0]

    def stop(self) -> None:
        """End the server and its thread; harmless when it does not run."""
        if self._loop and self._stopping and self._thread and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()
        self._server = None

    def __enter__(self) -> "BackgroundRtspServer":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def url(self, name: str, *, login: bool = True) -> str:
        """See `RtspServer.url`."""
        return self.server.url(name, login=login)

    def make_trouble(self, trouble: Trouble, name: str | None = None) -> None:
        """See `RtspServer.make_trouble`."""
        self._call(lambda server: server.make_trouble(trouble, name))

    def cut(self) -> None:
        """See `RtspServer.cut`."""
        self._call(lambda server: server.cut())

    def _call(self, action: Callable[[RtspServer], None]) -> None:
        assert self._loop is not None
        done = threading.Event()
        server = self.server

        def run() -> None:
            action(server)
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait()

    def _run(self, ready: threading.Event, failures: list[BaseException]) -> None:
        try:
            asyncio.run(self._serve(ready))
        except (OSError, ValueError) as error:
            failures.append(error)
        finally:
            ready.set()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        async with RtspServer(
            self._mounts,
            host=self.host,
            port=self.port,
            credentials=self._credentials,
            session_timeout_s=self._session_timeout_s,
        ) as server:
            self._server = server
            self.port = server.port
            ready.set()
            await self._stopping.wait()
