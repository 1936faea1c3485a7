"""Threads that outlive a request, and with them their database connections.

Django answers each ASGI request in a thread of its own. A new thread has no connection, and a new connection is a new
process of PostgreSQL's that knows no table yet: for a short page that is half of its cost. So threads are lent out
again, the last one first, and CONN_MAX_AGE means something.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.db import connections

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
