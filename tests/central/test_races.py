"""Real races: threads with connections of their own. On PostgreSQL rows are contended, on SQLite the write lock."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, connections, transaction

from central.accounts.models import Membership
from central.accounts.roles import Actor, Role, actor_of
from central.boxes.enrolment import enrol
from central.clockwork.tick import tick
from central.complaints import numbers
from central.complaints.chain import faults_of
from central.complaints.deciding import merge
from central.complaints.models import Complaint
from central.complaints.workflow import Refused, act
from central.incidents.deciding import NotPossible
from central.incidents.models import Incident
from central.intake.applying import MAY_PASS, apply_pending
from central.intake.committing import commit_events
from central.intake.models import Inbox, Quarantined
from central.routing.models import Rule, RuleSet
from central.routing.seeding import seed
from contract.kinds import IncidentKind
from tests.central.conftest import POSTGRES
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db(transaction=True)
Result = TypeVar("Result")


def at_once(*jobs: Callable[[], Result]) -> list[Result | Exception]:
    """Runs the jobs in threads that start together; what each returned or raised."""
    gate = threading.Barrier(len(jobs))
    results: list[Result | Exception] = [RuntimeError("did not run")] * len(jobs)

    def run(index: int, job: Callable[[], Result]) -> None:
        try:
            gate.wait()
            results[index] = job()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, job)) for index, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def apply_all(now: object) -> None:
    """As the worker does: what lost a race is tried again."""
    while Inbox.objects.filter(state=Inbox.State.PENDING).exists():
        try:
            apply_pending(now)
        except MAY_PASS:
            continue


def boxes(count: int) -> list[FakeBox]:
    found = [FakeBox(f"box-{number:02d}") for number in range(count)]
    for box in found:
        enrol(box.id, box.public_key, NOON)
    return found


def test_the_database_is_the_one_asked_for() -> None:
    assert connection.vendor == ("postgresql" if POSTGRES else "sqlite")


def test_two_workers_commit_the_same_batch() -> None:
    [box] = boxes(1)
    jam = episode()
    batch = [box.opened(jam)] + [box.updated(jam, second) for second in range(1, 200)]
    acks = at_once(*[lambda: commit_events(batch, NOON)[0].ack.seq] * 4)
    assert acks == [200] * 4
    assert Inbox.objects.count() == 200


def test_two_workers_apply_the_same_inbox() -> None:
    seed()
    fleet = boxes(6)
    for box in fleet:
        jam = episode()
        commit_events([box.opened(jam, place=f"jl-{box.id}"), box.updated(jam, 5), box.closed(jam, 9)], at(9))
    assert at_once(*[lambda: apply_all(at(9))] * 4) == [None] * 4
    assert Incident.objects.filter(state="clearing").count() == 6
    assert not Quarantined.objects.exists()


def test_twenty_boxes_open_one_place_at_once() -> None:
    seed()
    fleet = boxes(20)
    for box in fleet:
        commit_events([box.opened(episode())], NOON)
    at_once(*[lambda: apply_all(NOON)] * 20)
    incident = Incident.objects.get()
    assert incident.episodes.count() == 20
    assert not Quarantined.objects.exists()
    at_once(*[lambda: tick(at(60))] * 20)
    complaint = Complaint.objects.get()
    assert (complaint.incident, complaint.number, complaint.steps) == (incident, "SGP-2026-000001", 1)


CORNER = (-2.13, 106.11)
"""Where four cells of a hundred metres meet."""


@pytest.mark.parametrize(
    "where",
    [
        lambda n: {"kind": IncidentKind.FLOOD, "place": "jl-sudirman:utara"},
        lambda n: {
            "kind": IncidentKind.FLOOD,
            "place": None,
            "location": (CORNER[0] + (n % 7 - 3) * 1e-5, CORNER[1] + (n % 5 - 2) * 1e-5),
        },
    ],
    ids=["one place", "on the border of four cells"],
)
def test_fifty_openings_at_once_make_one_incident(where: Callable[[int], dict[str, Any]]) -> None:
    seed()
    Rule.objects.create(ruleset=RuleSet.objects.get(), order=1, kind="flood", agency_id="bpbd")
    fleet = boxes(50)
    for number, box in enumerate(fleet):
        commit_events([box.opened(episode(), **where(number))], NOON)
    at_once(*[lambda: apply_all(NOON)] * 50)
    incident = Incident.objects.get()
    assert incident.episodes.count() == 50
    assert not Quarantined.objects.exists()
    at_once(*[lambda: tick(at(60))] * 10)
    assert [complaint.agency_id for complaint in Complaint.objects.all()] == ["bpbd"]


def test_two_operators_merge_into_each_other() -> None:
    seed()
    first, second = boxes(2)
    commit_events([first.opened(episode(), place="jl-a")], NOON)
    commit_events([second.opened(episode(), place="jl-b")], NOON)
    apply_all(NOON)
    a, b = Incident.objects.order_by("pk").values_list("pk", flat=True)
    rina = Actor(Role.OPERATOR, "rina")
    results = at_once(
        lambda: merge(a, b, rina, "one queue", at(10)),
        lambda: merge(b, a, rina, "one queue", at(10)),
    )
    assert sum(isinstance(result, NotPossible) for result in results) == 1
    assert sorted(Incident.objects.values_list("state", flat=True)) == ["active", "merged"]


def test_numbers_have_no_gap_and_no_twin() -> None:
    def allot() -> str:
        with transaction.atomic():
            return numbers.allot(NOON)

    given = at_once(*[allot] * 20)
    assert sorted(map(str, given)) == [f"SGP-2026-{number:06d}" for number in range(1, 21)]


def officer(name: str) -> Actor:
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get_or_create(name="officer")[0])
    Membership.objects.create(user=user, agency_id="dishub")
    return actor_of(user)


def test_of_two_officers_one_wins_and_the_other_is_told() -> None:
    seed()
    [box] = boxes(1)
    commit_events([box.opened(episode())], NOON)
    apply_all(NOON)
    tick(at(60))
    complaint = Complaint.objects.get()
    people = [officer(name) for name in ("budi", "sari", "tono", "wati")]
    results = at_once(
        *[
            lambda person=person: act(complaint.pk, "start", person, at(70), expected=Complaint.State.WAITING)
            for person in people
        ]
    )
    refused = [result for result in results if isinstance(result, Refused)]
    assert len(refused) == 3
    assert all("Proses" in str(error) or "In progress" in str(error) for error in refused)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.steps) == ("in_progress", 2)
    assert list(faults_of(complaint)) == []


def test_notes_at_once_are_all_kept_and_all_found() -> None:
    seed()
    [box] = boxes(1)
    commit_events([box.opened(episode())], NOON)
    apply_all(NOON)
    tick(at(60))
    complaint = Complaint.objects.get()
    words = ("derek", "pompa", "lumpur", "rambu")
    people = [officer(name) for name in words]
    jobs = [
        lambda person=person, word=word: act(complaint.pk, "note", person, at(70), note=f"perlu {word}")
        for person, word in zip(people, words, strict=True)
    ]
    assert not [result for result in at_once(*jobs) if isinstance(result, Exception)]
    complaint.refresh_from_db()
    assert complaint.steps == 5
    assert list(faults_of(complaint)) == []
    assert [word for word in words if not Complaint.objects.filter(text__words=("perlu", word)).exists()] == []


def test_officer_and_clock_do_not_wait_for_each_other_for_ever() -> None:
    seed()
    [box] = boxes(1)
    jam = episode()
    commit_events([box.opened(jam), box.closed(jam, 100)], at(100))
    apply_all(at(100))
    tick(at(101))
    complaint = Complaint.objects.get()
    person = officer("budi")
    results = at_once(lambda: act(complaint.pk, "start", person, at(800)), *[lambda: tick(at(800))] * 3)
    complaint.refresh_from_db()
    if isinstance(results[0], Refused):
        assert complaint.state == Complaint.State.GONE
    else:
        assert complaint.state == Complaint.State.IN_PROGRESS
    assert not [result for result in results[1:] if isinstance(result, Exception)]
    tick(at(801))
    assert Incident.objects.get().state in {"cleared", "closed"}
    complaint.refresh_from_db()
    assert list(faults_of(complaint)) == []
