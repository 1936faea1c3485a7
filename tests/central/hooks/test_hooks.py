"""From what happens to what subscribers are told."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from central.accounts.roles import Role
from central.api.models import Token
from central.api.scopes import Scope
from central.complaints.models import Complaint
from central.desks import troubles
from central.feed.models import Change, record
from central.hooks.carrier import GIVE_UP_AFTER, Hooks
from central.hooks.models import Position, Subscription
from central.hooks.publishing import SETTLED, Publisher
from central.hooks.secret import key_of
from central.hooks.types import ALL_TYPES, matches, type_of
from central.outbox.delivering import deliver_next
from central.outbox.models import Outgoing
from tests.central.api.conftest import Program, program_of, programs  # noqa: F401 — a fixture
from tests.central.desks.conftest import City, city, staff, work  # noqa: F401 — fixtures
from tests.central.moments import at
from tests.central.outbox.hookserver import Receiver, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loopback_may_subscribe(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def hook(receiver: Receiver) -> Iterator[str]:
    """Its address."""
    with receiving(receiver) as address:
        yield address


def subscribe(program: Program, url: str, *types: str) -> Subscription:
    made = program.post("/webhooks", {"url": url, "types": types or ["*"]})
    Subscription.objects.update(created=at(0))  # the tests' complaints are of that noon
    return Subscription.objects.get(pk=made["id"])


def tell(now: datetime | None = None, publisher: Publisher | None = None) -> int:
    """Publishes and delivers; returns how many were published."""
    now = now or timezone.now()
    published = (publisher or Publisher())(now)
    while deliver_next({"hook": Hooks(clock=lambda: now)}, now):
        pass
    return published


def events(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _headers, body in receiver.taken]


def begun() -> None:
    """The feed's position is taken: all that follows is news."""
    Publisher()(timezone.now())


def test_a_complaint_s_life_is_told_and_signed(
    city: City,  # noqa: F811
    programs: dict[str, Program],  # noqa: F811
    receiver: Receiver,
    hook: str,
) -> None:
    row = subscribe(programs["dishub"], hook, "complaint.*")
    begun()
    work(city.jam, "start", "report_done", "accept", note="rahasia petugas")
    assert tell() == 3
    assert [event["type"] for event in events(receiver)] == [
        "id.sigap.complaint.changed.v1",
        "id.sigap.complaint.changed.v1",
        "id.sigap.complaint.closed.v1",
    ]
    event = events(receiver)[-1]
    assert (event["specversion"], event["subject"], event["source"]) == ("1.0", city.jam.number, "/central")
    assert (event["data"]["state"], event["data"]["staff"]["severity"]) == ("done", city.jam.severity)
    assert event["data"]["url"].startswith("http://127.0.0.1:8080/c/")
    assert "rahasia" not in str(event), "notes are read, not sent"
    headers, _body = receiver.taken[0]
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert receiver.accepts(key_of(row), 0)
    row.refresh_from_db()
    assert (row.last_error, row.failing_since) == ("", None)
    assert row.last_delivered is not None


def test_only_what_the_owner_may_see_is_told(
    city: City,  # noqa: F811
    programs: dict[str, Program],  # noqa: F811
    hook: str,
) -> None:
    rows = {name: subscribe(programs[name], hook) for name in ("satpol", "bpbd", "operator", "roleless")}
    begun()
    work(city.vending, "start")
    record(Change.Topic.INCIDENT, city.vending.incident_id, "clearing", at(300))
    record(Change.Topic.INCIDENT, city.candidate.pk, "active", at(300))
    Publisher()(timezone.now())
    told = {
        name: sorted(
            Outgoing.objects.filter(content__subscription=str(row.pk)).values_list("content__event__type", flat=True)
        )
        for name, row in rows.items()
    }
    changed, clearing, active = (
        f"id.sigap.{each}.v1" for each in ("complaint.changed", "incident.clearing", "incident.active")
    )
    assert told == {
        "satpol": [changed, clearing],
        "bpbd": [],
        "operator": [changed, active, clearing],
        "roleless": [changed],
    }
    public = Outgoing.objects.get(content__subscription=str(rows["roleless"].pk)).content["event"]["data"]
    assert (public["lat"], public["staff"]) == (-2.13, None), "as the public may know it"


def test_each_event_once_whatever_is_read_again(
    city: City,  # noqa: F811
    programs: dict[str, Program],  # noqa: F811
    receiver: Receiver,
    hook: str,
) -> None:
    subscribe(programs["operator"], hook, "complaint.*")
    begun()
    work(city.jam, "start", seconds=200)
    publisher = Publisher()
    assert tell(at(210), publisher) == 1
    assert tell(at(211), publisher) == 0
    assert tell(at(212), Publisher()) == 1, "after a restart it is read again"
    assert len(receiver.taken) == 1, "and still sent once"
    tell(at(201) + SETTLED, publisher)
    assert Position.objects.get().floor == Change.objects.latest("pk").pk
    assert tell(at(220) + SETTLED, Publisher()) == 0


def test_a_change_that_becomes_visible_late_is_not_missed(
    city: City,  # noqa: F811
    programs: dict[str, Program],  # noqa: F811
    receiver: Receiver,
    hook: str,
) -> None:
    subscribe(programs["operator"], hook, "complaint.*")
    begun()
    publisher = Publisher()
    late = Change.objects.latest("pk").pk + 1
    Change.objects.create(pk=late + 1, time=at(300), topic="complaint", ref=str(city.jam.pk), what="start")
    assert tell(at(301), publisher) == 1
    Change.objects.create(pk=late, time=at(299), topic="complaint", ref=str(city.flood.pk), what="start")
    assert tell(at(302), publisher) == 1
    assert [event["subject"] for event in events(receiver)] == [city.jam.number, city.flood.number]


def test_nothing_is_told_of_what_was_before(
    city: City,  # noqa: F811
    programs: dict[str, Program],  # noqa: F811
    hook: str,
) -> None:
    Position.objects.create(pk="hooks", floor=0)
    programs["operator"].post("/webhooks", {"url": hook, "types": ["*"]})
    assert Publisher()(timezone.now()) == 0


def test_what_was_long_ago_delays_nobody(
    city: City,  # noqa: F811
    programs: dict[str, Program],  # noqa: F811
    django_assert_num_queries: Any,
) -> None:
    Position.objects.create(pk="hooks", floor=0)
    old = (Change(time=at(0), topic="complaint", ref=str(city.jam.pk), what="note") for _ in range(1200))
    Change.objects.bulk_create(old)
    with django_assert_num_queries(1):
        assert Publisher()(timezone.now()) == 0, "nobody has subscribed"
    programs["operator"].post("/webhooks", {"url": "http://127.0.0.1/", "types": ["*"]})
    record(Change.Topic.COMPLAINT, city.jam.pk, "note", timezone.now())
    assert Publisher()(timezone.now()) == 1


def test_types() -> None:
    assert type_of("complaint", "opened") == "complaint.opened"
    closing = {"accept", "reject", "void", "merge", "vanish", "camera_confirms"}
    assert {what for what in closing if type_of("complaint", what) == "complaint.closed"} == closing
    assert type_of("complaint", "recur") == type_of("complaint", "undo") == "complaint.changed"
    assert [type_of("incident", what) for what in ("updated", "reported", "candidate")] == [None] * 3
    assert type_of("incident", "closed") == "incident.closed"
    assert type_of("box", "online") is None
    assert all(matches(["*"], each) for each in ALL_TYPES)
    assert matches(["incident.*"], "incident.active")
    assert not matches(["complaint.opened"], "complaint.closed")


def test_the_api_manages_them(programs: dict[str, Program], receiver: Receiver, hook: str) -> None:  # noqa: F811
    mine, other = programs["operator"], programs["admin"]
    made = mine.post("/webhooks", {"url": hook, "types": ["complaint.opened"]})
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    path = f"/webhooks/{made['id']}"
    assert mine.get(path) == made
    assert mine.get("/webhooks")["items"] == [made]
    assert other.get("/webhooks")["items"] == []
    for call in (
        lambda: other.get(path, 404),
        lambda: other.call("patch", path, 404, {"active": False}),
        lambda: other.call("delete", path, 404),
        lambda: other.post(f"{path}/secret", {}, 404),
        lambda: other.post(f"{path}/test", {}, 404),
    ):
        call()
    assert mine.post(f"{path}/secret", None, 200)["secret"] != secret
    assert mine.post(f"{path}/test", None, 202)["last_delivered"] is None
    tell()
    [event] = events(receiver)
    assert (event["type"], event["subject"]) == ("id.sigap.ping.v1", made["id"])
    assert receiver.accepts(key_of(Subscription.objects.get()))
    assert mine.get(path)["last_delivered"] is not None
    changed = mine.call("patch", path, 200, {"types": ["incident.*"], "active": False})
    assert (changed["types"], changed["active"], changed["url"]) == (["incident.*"], False, hook)
    mine.call("delete", path, 204)
    mine.get(path, 404)


REFUSED = [
    ({"url": "https://10.0.0.1/", "types": ["*"]}, "body.url"),
    ({"url": "http://192.0.2.1/", "types": ["*"]}, "body.url"),
    ({"url": "https://nowhere.invalid/", "types": ["*"]}, "body.url"),
    ({"url": "http://127.0.0.1/", "types": []}, "body.types"),
    ({"url": "http://127.0.0.1/", "types": ["complaint.lost"]}, "body.types.0"),
    ({"url": "http://127.0.0.1/", "types": ["*"], "secret": "mine"}, "body.secret"),
]


@pytest.mark.parametrize(("body", "where"), REFUSED)
def test_what_is_refused_is_named(body: dict[str, Any], where: str, programs: dict[str, Program]) -> None:  # noqa: F811
    assert programs["operator"].post("/webhooks", body, 422)["errors"][0]["where"] == where


def test_a_token_that_may_not_read_incidents_hears_of_none(seeded: None, hook: str) -> None:
    program = program_of(staff("hooks", Role.OPERATOR), Scope.WEBHOOKS)
    for types in (["*"], ["incident.*"], ["complaint.*", "incident.active"]):
        assert program.post("/webhooks", {"url": hook, "types": types}, 403)["scope"] == "incidents:read"
    program.post("/webhooks", {"url": hook, "types": ["complaint.*"]})


def test_twenty_are_enough(seeded: None, hook: str) -> None:
    program = program_of(staff("hooks", Role.OPERATOR))
    for _ in range(20):
        program.post("/webhooks", {"url": hook, "types": ["*"]})
    assert program.post("/webhooks", {"url": hook, "types": ["*"]}, 409)["type"].endswith("#full")


def test_it_ends_with_its_token_and_another_takes_it_over(
    city: City,  # noqa: F811
    programs: dict[str, Program],  # noqa: F811
    receiver: Receiver,
    hook: str,
) -> None:
    owner = staff("hooks", Role.OPERATOR)
    row = subscribe(program_of(owner), hook, "complaint.*")
    begun()
    work(city.jam, "start")
    Publisher()(timezone.now())
    Token.objects.filter(pk=row.token_id).update(revoked=timezone.now())
    tell()
    assert not receiver.taken
    assert Outgoing.objects.get().state == "dead"
    newer = program_of(owner)
    assert newer.get(f"/webhooks/{row.pk}")["active"] is False
    assert newer.call("patch", f"/webhooks/{row.pk}", 200, {})["active"] is True
    work(city.jam, "report_done", seconds=300)
    tell()
    assert len(receiver.taken) == 1


def test_an_address_that_fails_is_told_no_more_after_days(
    city: City,  # noqa: F811
    programs: dict[str, Program],  # noqa: F811
    receiver: Receiver,
    hook: str,
) -> None:
    row = subscribe(programs["operator"], hook)
    begun()
    receiver.status = 500
    for after, active in ((timedelta(0), True), (GIVE_UP_AFTER - timedelta(seconds=1), True), (GIVE_UP_AFTER, False)):
        work(city.jam, "note", seconds=200 + after.total_seconds())
        tell(at(300) + after)
        row.refresh_from_db()
        assert (row.active, row.last_error) == (active, "HTTP 500 Internal Server Error")
    assert Outgoing.objects.filter(state="waiting").exists()


def test_operators_are_not_bothered_with_what_subscribers_do_not_take(
    city: City,  # noqa: F811
    programs: dict[str, Program],  # noqa: F811
    receiver: Receiver,
    hook: str,
) -> None:
    subscribe(programs["operator"], hook)
    begun()
    receiver.status = 400
    work(city.jam, "start")
    tell()
    assert Outgoing.objects.get().state == "dead"
    assert troubles.current(timezone.now(), []).dead_count == 0


def test_the_snippet_of_the_docs_checks_signatures(
    programs: dict[str, Program],  # noqa: F811
    receiver: Receiver,
    hook: str,
) -> None:
    text = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(text.partition("```python\n")[2].partition("```")[0], names)
    made = programs["operator"].post("/webhooks", {"url": hook, "types": ["*"]})
    programs["operator"].post(f"/webhooks/{made['id']}/test", None, 202)
    tell()
    [(headers, body)] = receiver.taken
    assert names["is_ours"](made["secret"], headers, body)
    assert not names["is_ours"](made["secret"], headers, body + b" ")
    assert not names["is_ours"](made["secret"], headers | {"webhook-timestamp": "1"}, body)


def test_gone_is_gone(city: City, programs: dict[str, Program], receiver: Receiver, hook: str) -> None:  # noqa: F811
    row = subscribe(programs["operator"], hook)
    begun()
    receiver.status = 410
    work(city.jam, "start")
    tell()
    row.refresh_from_db()
    assert not row.active
    assert Complaint.objects.count() == 4
