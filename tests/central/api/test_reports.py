"""Sending and following citizens' reports."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from central.accounts.roles import Actor, Role
from central.api.idempotency import KEPT
from central.api.models import StoredAnswer
from central.clockwork.chores import chores
from central.evidence.store import MemoryStore
from central.incidents.deciding import confirm
from central.incidents.models import Incident
from central.reports.models import Report
from tests.central.api.conftest import Program, program_of
from tests.central.desks.conftest import staff

pytestmark = pytest.mark.django_db

FLOOD = {"kind": "flood", "lat": -2.13, "lon": 106.11, "description": "water to the knee"}


@pytest.fixture
def gateway(seeded: None) -> Program:
    """A program that speaks for citizens; its owner has no role."""
    return program_of(staff("gateway", None))


def test_a_report_is_taken_and_can_be_followed(gateway: Program) -> None:
    contact = {"name": "Ani", "email": "Ani@example.org", "phone": "+62 812"}
    receipt = gateway.post("/reports", FLOOD | {"contact": contact, "address": "my gate"})
    assert (receipt["repeated"], receipt["known"]) == (False, False)
    assert gateway.last.headers["Location"] == receipt["url"]
    row = Report.objects.get()
    assert (row.channel, row.sender, row.contact) == ("api", "email:ani@example.org", contact)
    followed = Program().get(f"/reports/{receipt['tracking']}")
    assert receipt["url"].endswith(f"/api/v1/reports/{receipt['tracking']}")
    assert (followed["status"], followed["incident_state"], followed["description"]) == ("open", "candidate", "")
    confirm(Incident.objects.get().pk, Actor(role=Role.OPERATOR, name="oki"), timezone.now())
    followed = Program().get(f"/reports/{receipt['tracking']}")
    assert (followed["description"], followed["address"]) == ("water to the knee", "my gate")
    assert not any(told in str(followed) for told in ("Ani", "812", "example.org"))
    Program().get("/reports/ZZZZ-ZZZZ-ZZZZ", 404)


def test_senders_are_told_apart(gateway: Program) -> None:
    for more in ({"sender": "a"}, {"sender": "b"}, {}, {"contact": {"phone": "0812 3"}}):
        gateway.post("/reports", FLOOD | more)
    assert Report.objects.count() == 4
    again = gateway.post("/reports", FLOOD | {"sender": "a"})
    assert (again["repeated"], Report.objects.count()) == (True, 4)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "camera_fault"}, "body.kind"),
    ({"lat": 91}, "body.lat"),
    ({"lat": None}, "body"),
    ({"lat": None, "lon": None}, "body"),
    ({"lat": None, "lon": None, "address": " \x00 "}, "body"),
    ({"description": "x" * 4001}, "body.description"),
    ({"contact": {"email": "nobody"}}, "body.contact.email"),
    ({"contact": {"fax": "1"}}, "body.contact.fax"),
    ({"colour": "red"}, "body.colour"),
]


@pytest.mark.parametrize(("changes", "where"), REFUSED)
def test_what_is_refused_is_named(changes: dict[str, Any], where: str, gateway: Program) -> None:
    problem = gateway.post("/reports", FLOOD | changes, 422)
    assert problem["errors"][0]["where"] == where
    assert not Report.objects.exists()


def test_the_same_request_again_gets_the_same_answer(gateway: Program) -> None:
    key = {"Idempotency-Key": "a1"}
    first = gateway.post("/reports", FLOOD, **key)
    assert "Idempotent-Replay" not in gateway.last.headers
    again = gateway.post("/reports", FLOOD, **key)
    assert (again, gateway.last.headers["Idempotent-Replay"]) == (first, "true")
    assert Report.objects.get().times == 1, "it was not even counted"
    problem = gateway.post("/reports", FLOOD | {"lat": 1}, 409, **key)
    assert (problem["type"].rpartition("#")[2], problem["key"]) == ("conflict", "a1")
    other = program_of(staff("other", None))
    assert other.post("/reports", FLOOD, **key)["tracking"] != first["tracking"], "a key is its token's own"


def test_a_request_that_was_refused_may_be_mended_under_its_key(gateway: Program) -> None:
    gateway.post("/reports", FLOOD | {"lat": 91}, 422, **{"Idempotency-Key": "a1"})
    gateway.post("/reports", FLOOD, **{"Idempotency-Key": "a1"})


@pytest.mark.parametrize("key", ["", "x" * 201, "é"])
def test_not_a_key(key: str, gateway: Program) -> None:
    assert gateway.post("/reports", FLOOD, 422, **{"Idempotency-Key": key})["errors"][0]["where"] == (
        "header.Idempotency-Key"
    )


def test_answers_are_forgotten_in_time(gateway: Program) -> None:
    gateway.post("/reports", FLOOD, **{"Idempotency-Key": "a1"})
    chores(timezone.now(), MemoryStore())
    assert StoredAnswer.objects.exists()
    chores(timezone.now() + KEPT, MemoryStore())
    assert not StoredAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key_are_one(seeded: None) -> None:
    program = program_of(staff("gateway", None))
    answers: list[Any] = []
    barrier = threading.Barrier(4)

    def send() -> None:
        try:
            mine = Program(program.token)
            barrier.wait()
            answers.append(mine.post("/reports", FLOOD, **{"Idempotency-Key": "a1"}))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)
    assert Report.objects.get().times == 1
