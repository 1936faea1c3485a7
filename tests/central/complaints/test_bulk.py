"""Many at once: all or none, and taken back."""

from uuid import uuid4

import pytest

from central.accounts.roles import SYSTEM, Actor
from central.complaints import bulk
from central.complaints.bulk import act_on_all, undo
from central.complaints.chain import faults_of
from central.complaints.models import Bulk, Complaint, History
from central.complaints.workflow import Refused, act
from tests.central.complaints.conftest import another
from tests.central.fakebox import FakeBox
from tests.central.moments import at

pytestmark = pytest.mark.django_db
People = dict[str, Actor]


@pytest.fixture
def three(box: FakeBox, seeded: None) -> list[str]:
    return [another(box, number).number for number in range(3)]


def states() -> set[str]:
    return set(Complaint.objects.values_list("state", flat=True))


def test_all_of_them(three: list[str], people: People) -> None:
    done = act_on_all(three, "start", people["officer"], at(100))
    assert states() == {"in_progress"}
    assert len(done.steps) == 3
    assert History.objects.filter(action="start", data={"bulk": str(done.pk)}).count() == 3


def test_one_that_does_not_allow_it_stops_all(three: list[str], people: People) -> None:
    act(Complaint.objects.get(number=three[1]).pk, "start", people["officer"], at(90))
    with pytest.raises(Refused, match=three[1]):
        act_on_all(three, "start", people["officer"], at(100))
    assert Complaint.objects.filter(state="waiting").count() == 2
    assert not Bulk.objects.exists()


@pytest.mark.parametrize("action", ["note", "merge", "assign", "reroute", "vanish", "undo", "nonsense"])
def test_what_is_not_done_in_bulk(action: str, three: list[str], people: People) -> None:
    with pytest.raises(Refused):
        act_on_all(three, action, people["admin"], at(100), note="x")


def test_a_note_where_one_is_needed(three: list[str], people: People) -> None:
    with pytest.raises(Refused):
        act_on_all(three, "reject", people["officer"], at(100))
    act_on_all(three, "reject", people["officer"], at(100), note="all the same wedding")
    assert set(History.objects.filter(action="reject").values_list("note", flat=True)) == {"all the same wedding"}


def test_only_what_one_may_see(three: list[str], people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    for numbers in (three, [*three, "SGP-2026-999999"], []):
        with pytest.raises(Refused):
            act_on_all(numbers, "start", people["stranger"], at(100))
    monkeypatch.setattr(bulk, "AT_MOST", 2)
    with pytest.raises(Refused, match="2"):
        act_on_all(three, "start", people["officer"], at(100))


def test_taken_back(three: list[str], people: People) -> None:
    done = act_on_all(three, "reject", people["officer"], at(100), note="wrong list")
    act(Complaint.objects.get(number=three[0]).pk, "reopen", people["operator"], at(101), note="?")
    with pytest.raises(Refused, match=three[0]):
        undo(done.pk, people["officer"], at(110))
    assert Complaint.objects.filter(state="rejected").count() == 2


def test_taken_back_whole(three: list[str], people: People) -> None:
    done = act_on_all(three, "start", people["officer"], at(100))
    act(Complaint.objects.get(number=three[0]).pk, "incident_cleared", SYSTEM, at(105))
    undo(done.pk, people["officer"], at(110))
    assert states() == {"waiting"}
    for complaint in Complaint.objects.all():
        assert list(faults_of(complaint)) == []
        assert complaint.history.latest("step").data == {"undone": str(done.pk)}
    with pytest.raises(Refused):
        undo(done.pk, people["officer"], at(111))


def test_ends_are_taken_back_too(three: list[str], people: People) -> None:
    act_on_all(three, "start", people["officer"], at(100))
    act_on_all(three, "report_done", people["officer"], at(110), note="swept")
    done = act_on_all(three, "accept", people["operator"], at(120))
    assert Complaint.objects.filter(ended__isnull=True).count() == 0
    undo(done.pk, people["operator"], at(130))
    assert states() == {"verification"}
    assert Complaint.objects.filter(ended__isnull=True).count() == 3


def test_who_may_take_it_back_and_until_when(three: list[str], people: People) -> None:
    done = act_on_all(three, "start", people["officer"], at(100))
    for actor, bulk_id, seconds in (
        (people["admin"], done.pk, 110),
        (SYSTEM, done.pk, 110),
        (people["officer"], uuid4(), 110),
        (people["officer"], done.pk, 100 + 15 * 60 + 1),
    ):
        with pytest.raises(Refused):
            undo(bulk_id, actor, at(seconds))
    assert states() == {"in_progress"}
