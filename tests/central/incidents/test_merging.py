"""Two incidents that are one, and one that was two after all."""

import pytest

from central.accounts.roles import Actor, Role
from central.clockwork.tick import tick
from central.complaints.chain import faults_of
from central.complaints.deciding import merge, reject, unmerge
from central.complaints.models import Complaint
from central.incidents.deciding import NotPossible
from central.incidents.models import Decision, Incident
from contract.kinds import IncidentKind
from tests.central.fakebox import FakeBox, episode
from tests.central.incidents.hearing import hear
from tests.central.moments import at

pytestmark = pytest.mark.django_db

RINA = Actor(Role.OPERATOR, "rina")
NORTH, SOUTH = {"place": "jl-a:utara"}, {"place": "jl-b:utara", "zone": "z2"}


class Two:
    """Two jams with a complaint each."""

    def __init__(self, box: FakeBox) -> None:
        self.box = box
        self.first, self.second = episode(), episode()
        hear(box.opened(self.first, **NORTH), box.opened(self.second, 5, **SOUTH), now=at(5))
        tick(at(100))
        self.a, self.b = Incident.objects.order_by("pk")

    def merge(self, seconds: float = 200) -> None:
        merge(self.b.pk, self.a.pk, RINA, "one queue round the corner", at(seconds))

    def states(self) -> list[tuple[str, str]]:
        return [
            (incident.state, Complaint.objects.get(incident=incident).state)
            for incident in Incident.objects.order_by("pk")
        ]


@pytest.fixture
def two(box: FakeBox, seeded: None) -> Two:
    return Two(box)


def test_the_one_stands_for_both(two: Two) -> None:
    assert two.states() == [("active", "waiting"), ("active", "waiting")]
    two.merge()
    assert two.states() == [("active", "waiting"), ("merged", "merged")]
    first, second = Complaint.objects.order_by("pk")
    assert second.merged_into == first
    decision = Decision.objects.get()
    assert (decision.incident, decision.other, decision.reason) == (two.b, two.a, "one queue round the corner")


def test_it_is_over_only_when_both_are(two: Two) -> None:
    two.merge()
    hear(two.box.closed(two.first, 300, **NORTH), now=at(300))
    tick(at(2000))
    assert two.states()[0] == ("active", "waiting")
    hear(two.box.closed(two.second, 2100, **SOUTH), now=at(2100))
    tick(at(2700))
    assert two.states() == [("closed", "gone"), ("merged", "merged")]


def test_what_comes_in_for_the_merged_one_counts_for_the_other(two: Two) -> None:
    two.merge()
    hear(two.box.opened(episode(), 300, severity=4, **SOUTH | {"zone": "z3"}), now=at(300))
    two.a.refresh_from_db()
    assert (Incident.objects.count(), two.a.severity) == (2, 4)


def test_two_after_all(two: Two) -> None:
    two.merge()
    hear(two.box.closed(two.first, 300, **NORTH), now=at(300))
    unmerge(two.b.pk, RINA, "another street", at(400))
    assert two.states() == [("clearing", "waiting"), ("active", "waiting")]
    assert Complaint.objects.filter(merged_into__isnull=False).count() == 0
    assert [list(faults_of(complaint)) for complaint in Complaint.objects.all()] == [[], []]
    assert list(Decision.objects.values_list("action", flat=True)) == ["merge", "unmerge"]


def test_a_complaint_that_only_one_of_them_has_stays(two: Two) -> None:
    Complaint.objects.filter(incident=two.b).update(agency="satpol-pp")
    two.merge()
    assert two.states() == [("active", "waiting"), ("merged", "waiting")]
    for known_as, where in ((two.first, NORTH), (two.second, SOUTH)):
        hear(two.box.closed(known_as, 300, **where), now=at(300))
    tick(at(900))
    assert two.states() == [("closed", "gone"), ("merged", "gone")]


def test_no_second_complaint_for_what_has_one(box: FakeBox, seeded: None) -> None:
    hear(box.opened(episode(), **NORTH), now=at(0))
    tick(at(100))
    hear(box.opened(episode(), 110, **SOUTH), now=at(110))
    a, b = Incident.objects.order_by("pk")
    merge(a.pk, b.pk, RINA, "the newer one is right", at(120))
    tick(at(1000))
    assert Complaint.objects.count() == 1


def test_chains_are_kept_flat(two: Two) -> None:
    two.merge()
    hear(two.box.opened(episode(), 300, place="jl-c:utara", zone="z4"), now=at(300))
    c = Incident.objects.latest("pk")
    merge(two.a.pk, c.pk, RINA, "all of it", at(310))
    assert set(Incident.objects.filter(state="merged").values_list("merged_into", flat=True)) == {c.pk}


def test_taken_apart_when_its_place_is_taken(two: Two) -> None:
    two.merge()
    for known_as, where in ((two.first, NORTH), (two.second, SOUTH)):
        hear(two.box.closed(known_as, 300, **where), now=at(300))
    tick(at(900))
    hear(two.box.opened(episode(), 9000, **SOUTH), now=at(9000))
    with pytest.raises(NotPossible):
        unmerge(two.b.pk, RINA, "two after all", at(9001))
    assert two.b.state != "merged" or Incident.objects.get(pk=two.b.pk).state == "merged"


def test_what_cannot_be_merged(two: Two, box: FakeBox) -> None:
    hear(box.opened(episode(), 10, kind=IncidentKind.FLOOD, place="jl-a:utara", zone="z5"), now=at(10))
    flood = Incident.objects.get(kind="flood")
    for other, why in ((two.a.pk, "itself"), (flood.pk, "another kind"), (99_999, "nothing"), (two.b.pk, " ")):
        with pytest.raises(NotPossible):
            merge(two.a.pk, other, RINA, why, at(20))
    reject(two.b.pk, RINA, "a parked lorry", at(30))
    with pytest.raises(NotPossible):
        merge(two.a.pk, two.b.pk, RINA, "gone already", at(40))
    with pytest.raises(NotPossible):
        unmerge(two.a.pk, RINA, "was never merged", at(40))


def test_rejecting_withdraws_what_was_filed(two: Two, box: FakeBox) -> None:
    reject(two.b.pk, RINA, "a parked lorry", at(200))
    assert two.states() == [("active", "waiting"), ("rejected", "rejected")]
    row = Complaint.objects.get(incident=two.b).history.order_by("-step").first()
    assert (row.action, row.actor, row.note) == ("void", "rina", "a parked lorry")
    hear(box.updated(two.second, 300, **SOUTH), box.closed(two.second, 400, **SOUTH), now=at(400))
    tick(at(5000))
    assert two.states()[1] == ("rejected", "rejected")
    hear(box.opened(episode(), 6000, **SOUTH), now=at(6000))
    assert Incident.objects.latest("pk").state == "active", "a rejected one does not keep the place"
    with pytest.raises(NotPossible):
        reject(two.b.pk, RINA, "again", at(6000))
