"""Requests that follow each other share a thread, and so a database connection; those at the same time do not."""

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import SyncToAsync, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.urls import path

from central.desks.live.stream import _let_go_of_the_thread
from central.request_threads import InOneThread, RequestThreads

HTTP = {"type": "http"}


def synchronous(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(threading.current_thread().name)


async def asynchronous(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(await sync_to_async(lambda: threading.current_thread().name)())


urlpatterns = [path("synchronous", synchronous), path("asynchronous", asynchronous)]


def ask(app: RequestThreads, *, at_once: int = 1) -> None:
    async def nothing(*_args: Any) -> None: ...

    async def run() -> None:
        await asyncio.gather(*[app(HTTP, nothing, nothing) for _ in range(at_once)])

    asyncio.run(run())


def test_one_after_the_other_in_one_thread() -> None:
    seen: list[int] = []

    async def page(_scope: Any, _receive: Any, _send: Any) -> None:
        await sync_to_async(lambda: seen.append(threading.get_ident()))()

    app = RequestThreads(page)
    for _ in range(3):
        ask(app)
    assert len(seen) == 3
    assert len(set(seen)) == 1
    assert seen[0] != threading.get_ident()


def test_at_once_in_threads_of_their_own_of_which_some_are_kept() -> None:
    gate = threading.Barrier(4, timeout=10)

    async def page(_scope: Any, _receive: Any, _send: Any) -> None:
        await sync_to_async(gate.wait)()

    app = RequestThreads(page, kept=2)
    ask(app, at_once=4)
    assert len(app._idle) == 2


def test_a_thread_comes_back_after_an_error_but_not_from_a_stream_that_gave_it_up() -> None:
    async def broken(_scope: Any, _receive: Any, _send: Any) -> None:
        await sync_to_async(lambda: 1)()
        raise RuntimeError("no page")

    app = RequestThreads(broken)
    for _ in range(2):
        try:
            ask(app)
        except RuntimeError:
            continue
    assert len(app._idle) == 1

    async def stream(_scope: Any, _receive: Any, _send: Any) -> None:
        await sync_to_async(lambda: 1)()
        await _let_go_of_the_thread()
        await sync_to_async(lambda: 1)()

    app = RequestThreads(stream)
    ask(app)
    assert app._idle == []


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("view", ["synchronous", "asynchronous"])
def test_a_request_goes_to_its_thread_once_and_does_not_come_back_for_each_middleware(
    view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[dict[str, Any]] = []
    crossings: list[object] = []
    cross = SyncToAsync.__call__

    async def counted(self: SyncToAsync[Any, Any], *args: Any, **kwargs: Any) -> Any:
        crossings.append(self)
        return await cross(self, *args, **kwargs)

    monkeypatch.setattr(SyncToAsync, "__call__", counted)

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    async def run() -> None:
        asked = [{"type": "http.request", "body": b""}]
        gone = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if asked:
                return asked.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        headers = [(b"host", b"localhost")]
        scope = HTTP | {"method": "GET", "path": f"/{view}", "query_string": b"", "headers": headers}
        await RequestThreads(InOneThread())(scope, receive, send)

    asyncio.run(run())
    assert said[0]["status"] == 200
    assert said[1]["body"].startswith(b"request")
    assert len(crossings) <= 4, "the beginning, the answer, what an asynchronous view asks for itself, and the end"
