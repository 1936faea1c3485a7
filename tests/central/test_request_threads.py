"""Requests that follow each other share a thread, and so a database connection; those at the same time do not."""

import asyncio
import threading
from typing import Any

from asgiref.sync import sync_to_async

from central.desks.live.stream import _let_go_of_the_thread
from central.request_threads import RequestThreads

HTTP = {"type": "http"}


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
