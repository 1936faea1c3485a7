"""Streams through the real ASGI application: what is in them, and what they cost."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import transaction
from django.test import Client

from central.asgi import application
from central.complaints.numbers import grouped
from central.desks.live import hub, stream
from central.desks.live.hub import HUB
from central.feed.models import Change, record
from central.feed.reading import latest_id
from tests.central.desks.conftest import City, work
from tests.central.moments import NOON

pytestmark = pytest.mark.django_db(transaction=True)

PROMISE_S = 2.0


@pytest.fixture(autouse=True)
def _poller_ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hub's thread must be gone before the test's database is."""
    monkeypatch.setattr(hub, "LINGER_S", 0.0)
    yield
    deadline = time.monotonic() + 10
    while any(thread.name == "feed-poller" for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "the poller goes on although nobody listens"
        time.sleep(0.05)


class Stream:
    """What an EventSource would make of it."""

    def __init__(self, communicator: ApplicationCommunicator, status: int, headers: dict[str, str]) -> None:
        self.status = status
        self.headers = headers
        self._communicator = communicator
        self._rest = ""

    async def event(self, timeout_s: float = 5) -> dict[str, str]:
        """The next event, with its fields; comments are passed over."""
        while True:
            while "\n\n" not in self._rest:
                message = await self._communicator.receive_output(timeout_s)
                self._rest += message.get("body", b"").decode()
                if not message.get("more_body", False):
                    return {"event": "end"}
            block, _, self._rest = self._rest.partition("\n\n")
            fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
            if "event" in fields:
                return fields

    async def is_silent(self, for_s: float) -> bool:
        """Whether nothing comes."""
        return "\n\n" not in self._rest and await self._communicator.receive_nothing(for_s, 0.1)

    async def change(self) -> dict[str, str]:
        """The next change."""
        while (fields := await self.event())["event"] != "change":
            pass
        return dict(json.loads(fields["data"]), id=fields.get("id", ""))


@asynccontextmanager
async def opened(
    path: str, client: Client | None = None, since: int | None = None, last: str = ""
) -> AsyncIterator[Stream]:
    headers = [(b"host", b"testserver")]
    if client is not None:
        headers.append((b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode()))
    if last:
        headers.append((b"last-event-id", last.encode()))
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"" if since is None else f"since={since}".encode(),
        "headers": headers,
        "client": ("127.0.0.1", 5),
        "server": ("testserver", 80),
    }
    communicator = ApplicationCommunicator(application, scope)
    await communicator.send_input({"type": "http.request", "body": b""})
    start = await communicator.receive_output(10)
    answered = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    try:
        yield Stream(communicator, start["status"], answered)
    finally:
        await communicator.send_input({"type": "http.disconnect"})
        await communicator.wait(10)


def later(what: Any, *args: Any) -> Any:
    """Runs database work in a thread, as another process would."""

    def run() -> Any:
        from django.db import connections

        try:
            return what(*args)
        finally:
            connections.close_all()

    return asyncio.get_running_loop().run_in_executor(None, run)


def test_an_operator_hears_everything_in_two_seconds(city: City, clients: dict[str, Client]) -> None:
    since = latest_id()

    async def walk() -> None:
        async with opened("/operator/live/", clients["operator"], since) as events:
            assert events.status == 200
            assert events.headers["content-type"] == "text/event-stream"
            assert events.headers["cache-control"] == "no-store"
            assert "content-security-policy" in events.headers
            assert (await events.event())["event"] == "ready"
            began = time.monotonic()
            await later(work, city.jam, "start")
            heard = await events.change()
            assert time.monotonic() - began <= PROMISE_S
            assert (heard["topic"], heard["ref"], heard["what"]) == ("complaint", str(city.jam.pk), "start")
            assert int(heard["id"]) > since

    asyncio.run(walk())


def test_nothing_is_missed_between_page_and_stream_or_while_away(city: City, clients: dict[str, Client]) -> None:
    since = latest_id()
    work(city.jam, "start")
    missed = latest_id()

    async def walk() -> None:
        async with opened("/operator/live/", clients["operator"], since) as events:
            assert (await events.change())["id"] == str(missed)
        async with opened("/operator/live/", clients["operator"], since, last=str(missed)) as events:
            assert (await events.event())["event"] == "ready", "Last-Event-ID goes before since"
            await later(work, city.jam, "note")
            assert (await events.change())["what"] == "note"

    asyncio.run(walk())


def test_after_a_long_absence_everything_is_looked_at_again(
    city: City, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "REPLAY_AT_MOST", 3)

    async def walk() -> None:
        async with opened("/operator/live/", clients["operator"], since=0) as events:
            heard = await events.change()
            assert heard["topic"] == "reset"
            assert int(heard["id"]) > 0
            assert (await events.event())["event"] == "ready"

    asyncio.run(walk())


def test_a_flood_of_changes_is_one_reset(city: City, clients: dict[str, Client]) -> None:
    @transaction.atomic
    def many() -> None:
        for number in range(hub.QUEUE_LENGTH + 50):
            record(Change.Topic.INCIDENT, number, "updated", NOON)

    async def walk() -> None:
        async with HUB.join() as listener:
            await later(many)
            assert await listener.next(5) is hub.RESET

    asyncio.run(walk())


@pytest.mark.parametrize("visitor", ["public", "dishub"])
def test_others_hear_of_their_complaint_only_and_without_details(
    visitor: str, city: City, clients: dict[str, Client]
) -> None:
    since = latest_id()
    path, client = f"/c/{grouped(city.jam.tracking)}/live/", None
    if visitor == "dishub":
        path, client = f"/agency/complaints/{city.jam.number}/live/", clients["dishub"]

    async def walk() -> None:
        async with opened(path, client, since) as events:
            assert (await events.event())["event"] == "ready"
            await later(work, city.vending, "start")
            await later(work, city.jam, "start")
            heard = await events.change()
            assert (heard["topic"], heard["ref"], heard["what"]) == ("complaint", "", "")
            assert await events.is_silent(for_s=1.2)

    asyncio.run(walk())


def test_the_citizens_list_hears_of_complaints_only(city: City) -> None:
    since = latest_id()

    async def walk() -> None:
        async with opened("/live/", None, since) as events:
            assert (await events.event())["event"] == "ready"
            await later(record, Change.Topic.BOX, "pgk-01", "offline", NOON)
            await later(work, city.jam, "start")
            heard = await events.change()
            assert (heard["topic"], heard["ref"], heard["what"]) == ("complaint", "", "")

    asyncio.run(walk())


def test_a_login_is_looked_at_again(city: City, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LIFETIME_S", 0.6)

    async def walk() -> None:
        async with opened("/operator/live/", clients["operator"], latest) as events:
            assert (await events.event())["event"] == "ready"
            assert (await events.event())["event"] == "end"
        await later(lambda: clients["operator"].post("/logout/"))
        async with opened("/operator/live/", old, latest) as events:
            assert events.status == 403

    latest = latest_id()
    old = Client()
    old.cookies["sessionid"] = clients["operator"].cookies["sessionid"].value
    asyncio.run(walk())


def test_many_listeners_cost_neither_threads_nor_connections(city: City) -> None:
    many = 40
    since = latest_id()

    async def walk() -> None:
        before = threading.active_count()
        streams = [opened("/live/", None, since) for _ in range(many)]
        events = [await each.__aenter__() for each in streams]
        try:
            for each in events:
                assert (await each.event(20))["event"] == "ready"
            await asyncio.sleep(0.3)
            assert threading.active_count() - before < 10, "a thread a listener is a connection a listener"
            assert [thread.name for thread in threading.enumerate()].count("feed-poller") == 1
            await later(work, city.jam, "start")
            for each in events:
                assert (await each.change())["topic"] == "complaint"
        finally:
            for each in streams:
                await each.__aexit__(None, None, None)

    asyncio.run(walk())


def test_the_feed_may_be_away_for_a_while(
    city: City, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from central.feed.reading import FeedReader

    monkeypatch.setattr(hub, "AFTER_ERROR_S", 0.2)
    whole, broken = FeedReader.poll, threading.Event()

    def poll(self: FeedReader) -> list[Change]:
        if broken.is_set():
            raise OperationalError("server closed the connection unexpectedly")
        return whole(self)

    monkeypatch.setattr(FeedReader, "poll", poll)

    async def walk() -> None:
        async with opened("/operator/live/", clients["operator"], latest) as events:
            assert (await events.event())["event"] == "ready"
            broken.set()
            await later(work, city.jam, "start")
            assert await events.is_silent(for_s=1)

    async def back() -> None:
        async with opened("/operator/live/", clients["operator"], latest) as events:
            assert (await events.change())["what"] == "start"
            broken.set()
            await later(work, city.jam, "note")
            await asyncio.sleep(0.6)
            broken.clear()
            assert (await events.change())["what"] == "note"

    latest = latest_id()
    asyncio.run(walk())
    broken.clear()
    asyncio.run(back())


def test_a_hub_that_closes_ends_its_streams() -> None:
    own = hub.Hub()

    async def walk() -> None:
        async with own.join() as listener:
            own.close()
            assert await listener.next(5) is hub.END
        async with own.join() as late:
            assert await late.next(5) is hub.END

    asyncio.run(walk())
