"""Server-sent events (HTML Living Standard, section 9.2) out of the hub."""

import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

from asgiref.sync import SyncToAsync, sync_to_async
from django.db import connections
from django.db.models import Q
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from central.desks.live.hub import END, HUB, RESET, Hub, Signal
from central.feed.models import Change
from central.feed.reading import OVERLAP, latest_id

KEEPALIVE_S = 15.0
LIFETIME_S = 300.0
"""Then the browser comes again by itself and its login is looked at again."""
RETRY_MS = 1000
REPLAY_AT_MOST = 200
LATE_S = 15.0
"""A lower id may become visible this much later than a higher one (see feed.reading)."""

Filter = Callable[[Signal], Signal | None]
"""What this listener may know of a signal: itself, less, or nothing (None)."""


def event_stream(request: HttpRequest, wanted: Filter, hub: Hub = HUB) -> StreamingHttpResponse:
    """Answers with the stream; it begins after the `Last-Event-ID` header or the `since` parameter."""
    response = StreamingHttpResponse(_events(_position(request), wanted, hub), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _events(since: int | None, wanted: Filter, hub: Hub) -> AsyncIterator[bytes]:
    ends = time.monotonic() + LIFETIME_S
    async with hub.join() as listener:
        yield f"retry: {RETRY_MS}\n\n".encode()
        sent: set[int] = set()
        for signal in await sync_to_async(_missed)(since):
            allowed = signal if signal.topic == RESET.topic else wanted(signal)
            if allowed is not None:
                sent.add(signal.id)
                yield _encoded(allowed)
        await _let_go_of_the_thread()
        yield b"event: ready\ndata: {}\n\n"
        while (left_s := ends - time.monotonic()) > 0:
            signal = await listener.next(min(KEEPALIVE_S, left_s))
            if signal is END:
                return
            if signal is None:
                yield b": still here\n\n"
            elif signal is RESET:
                yield _encoded(RESET)
            elif signal.id not in sent and (allowed := wanted(signal)) is not None:
                yield _encoded(allowed)


def _missed(since: int | None) -> list[Signal]:
    """What happened between the making of the page and now; RESET when that is too much."""
    signals = [] if since is None else missed(since, REPLAY_AT_MOST)
    return [replace(RESET, id=latest_id())] if signals is None else signals


def missed(since: int, at_most: int) -> list[Signal] | None:
    """What the feed has told after a position, also what became visible late; None: more than `at_most`."""
    just_now = timezone.now() - timedelta(seconds=LATE_S)
    late = Q(id__gt=since - OVERLAP, id__lte=since, time__gte=just_now)
    changes = Change.objects.filter(Q(id__gt=since) | late).order_by("id")[: at_most + 1]
    signals = [Signal.of(change) for change in changes]
    return signals if len(signals) <= at_most else None


async def _let_go_of_the_thread() -> None:
    """Django gives every ASGI request a thread of its own, with a database connection in it, until its answer is
    complete. An answer that lasts for minutes gives both back; closing the response at its end gets a new thread.
    """
    await sync_to_async(connections.close_all)()
    context = SyncToAsync.thread_sensitive_context.get(None)
    executor = None if context is None else SyncToAsync.context_to_thread_executor.pop(context, None)
    if executor is not None:
        executor.shutdown(wait=False)


def _position(request: HttpRequest) -> int | None:
    text = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _encoded(signal: Signal) -> bytes:
    lines = [] if signal.id == 0 else [f"id: {signal.id}"]
    body = {"topic": signal.topic, "ref": signal.ref, "what": signal.what}
    lines += ["event: change", f"data: {json.dumps(body, separators=(',', ':'))}"]
    return ("\n".join(lines) + "\n\n").encode()
