"""Threads that outlive a request, and with them their database connections; and a request that stays in its thread.

Django answers each ASGI request in a thread of its own. A new thread has no connection, and a new connection is a new
process of PostgreSQL's that knows no table yet: for a short page that is half of its cost. So threads are lent out
again, the last one first, and CONN_MAX_AGE means something.

Under ASGI, Django also takes every step of every middleware from the event loop to the thread and back, seventeen
times for a page, and each time it waits until no other thread computes. Here, a request goes there once.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import connections
from django.http import HttpRequest, HttpResponseBase

KEPT = 16
"""Idle ones beyond that are let go."""

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Callable[..., Awaitable[Any]], Callable[..., Awaitable[None]]], Awaitable[None]]


class RequestThreads:
    """An ASGI application around Django's."""

    def __init__(self, application: Application, kept: int = KEPT) -> None:
        self._application = application
        self._kept = kept
        self._idle: list[ThreadPoolExecutor] = []

    async def __call__(
        self, scope: Scope, receive: Callable[..., Awaitable[Any]], send: Callable[..., Awaitable[None]]
    ) -> None:
        """One request in one thread."""
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(max_workers=1, thread_name_prefix="request")
        is_ours = True
        try:
            async with ThreadSensitiveContext(executor=thread) as context:
                try:
                    await self._application(scope, receive, send)
                finally:
                    # A stream that lasts gives its thread up meanwhile (see desks.live.stream).
                    is_ours = SyncToAsync.context_to_thread_executor.get(context) is thread
        finally:
            if is_ours:
                self._take_back(thread)

    def _take_back(self, thread: ThreadPoolExecutor) -> None:
        if len(self._idle) < self._kept:
            self._idle.append(thread)
        else:
            thread.submit(connections.close_all)
            thread.shutdown(wait=False)


class InOneThread(ASGIHandler):
    """Django's ASGI handler with Django's synchronous chain of middlewares and views. An asynchronous view is awaited
    from there, and what it streams is sent as ever."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, or what is said when there is none."""
        return await sync_to_async(self.get_response)(request)
