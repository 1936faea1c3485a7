"""Which episodes are one incident: anchors, reach, the reopen window."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.incidents.anchors import METRES_PER_DEGREE, Anchor, anchor_of
from central.incidents.locking import STRIPES, stripes_of
from central.incidents.models import Incident
from contract.kinds import IncidentKind
from tests.central.fakebox import FakeBox, episode
from tests.central.incidents.hearing import hear, the_incident
from tests.central.moments import at

HERE = (-2.13, 106.11)


def east(metres: float) -> tuple[float, float]:
    """So far from HERE; a degree of longitude is 0.07 % shorter there than one of latitude."""
    return HERE[0], HERE[1] + metres / METRES_PER_DEGREE


def anchor(lat: float, lon: float, reach_m: int = 100) -> Anchor:
    return anchor_of(kind="flood", camera="b/c", zone="z", place="", lat=lat, lon=lon, reach_m=reach_m)


@given(lat=st.floats(-60, 60), lon=st.floats(-179, 179), reach=st.sampled_from([10, 25, 100, 1000]), bearing=st.data())
def test_two_within_reach_lock_a_cell_in_common(lat: float, lon: float, reach: int, bearing: st.DataObject) -> None:
    north = bearing.draw(st.floats(-1, 1)) * reach / METRES_PER_DEGREE
    here = anchor(lat, lon, reach)
    there = anchor(lat + north, lon + bearing.draw(st.floats(-1, 1)) * reach / METRES_PER_DEGREE, reach)
    if here.distance_m(there.lat or 0, there.lon or 0) <= reach * 0.999:
        own = int(there.text.split(":")[1]), int(there.text.split(":")[2])
        assert own in there.cells()
        assert own in here.cells()


@given(lat=st.floats(-11, 6), lon=st.floats(95, 141))
def test_near_the_equator_there_are_nine_cells_at_most(lat: float, lon: float) -> None:
    cells = anchor(lat, lon).cells()
    assert 4 <= len(cells) <= 9
    assert cells == sorted(cells)


def test_locks_are_few_and_in_order() -> None:
    many = [anchor(-2 - row / 500, 106 + column / 500) for row, column in product(range(40), range(40))]
    stripes = stripes_of(many)
    assert stripes == sorted(set(stripes))
    assert len(stripes) <= STRIPES
    assert stripes_of([]) == []


@pytest.mark.django_db
class TestWithinReach:
    """Episodes with a location."""

    @pytest.mark.parametrize(("metres", "incidents"), [(99, 1), (113, 2)])
    def test_without_a_place(self, metres: float, incidents: int, box: FakeBox, seeded: None) -> None:
        hear(
            box.opened(episode(), place=None, location=HERE),
            box.opened(episode(), 5, place=None, zone="z2", location=east(metres)),
            now=at(5),
        )
        assert Incident.objects.count() == incidents

    @pytest.mark.parametrize(("metres", "incidents"), [(20, 1), (60, 2)])
    def test_reach_is_the_kind_s(self, metres: float, incidents: int, box: FakeBox, seeded: None) -> None:
        for number, location in enumerate((HERE, east(metres))):
            kind = IncidentKind.VENDING
            hear(box.opened(episode(), number, kind=kind, place=None, location=location, zone=f"z{number}"), now=at(9))
        assert Incident.objects.count() == incidents

    @pytest.mark.parametrize(
        ("kind", "incidents"), [(IncidentKind.FLOOD, 1), (IncidentKind.JAM, 2), (IncidentKind.PARKING, 2)]
    )
    def test_the_other_direction_is_another_jam_but_the_same_flood(
        self, kind: IncidentKind, incidents: int, box: FakeBox, seeded: None
    ) -> None:
        hear(
            box.opened(episode(), kind=kind, place="jl-sudirman:utara", location=HERE),
            box.opened(episode(), 5, kind=kind, place="jl-sudirman:selatan", zone="z2", location=east(12)),
            now=at(5),
        )
        assert Incident.objects.count() == incidents

    def test_one_with_and_one_without_a_place(self, box: FakeBox, seeded: None) -> None:
        hear(
            box.opened(episode(), location=HERE),
            box.opened(episode(), 5, place=None, zone="z2", location=east(30)),
            now=at(5),
        )
        assert the_incident().key == "jam@place:jl-sudirman:utara"

    def test_the_nearest_is_chosen(self, box: FakeBox, seeded: None) -> None:
        hear(
            box.opened(episode(), place=None, location=east(115)),
            box.opened(episode(), 1, place=None, zone="z2", location=east(-10)),
            box.opened(episode(), 2, place=None, zone="z3", location=east(25)),
            now=at(5),
        )
        west, _east = Incident.objects.order_by("lon")
        assert west.episodes.count() == 2

    def test_camera_faults_are_the_cameras(self, box: FakeBox, seeded: None) -> None:
        fault = {"kind": IncidentKind.CAMERA_FAULT, "zone": None, "place": None, "location": HERE}
        hear(box.opened(episode(), **fault), now=at(1))
        box.camera = "next-door"
        hear(box.opened(episode(), 2, **fault), now=at(2))
        assert Incident.objects.count() == 2


@pytest.mark.django_db
class TestReopenWindow:
    """jam: hold 600 s, reopen 900 s."""

    def gone_at_700(self, box: FakeBox) -> None:
        jam = episode()
        hear(box.opened(jam), now=at(1))
        tick(at(60))
        hear(box.closed(jam, 100), now=at(100))
        tick(at(700))
        assert (the_incident().state, Complaint.objects.get().state) == ("closed", "gone")

    def test_a_jam_that_comes_back_is_the_same_incident_and_complaint(self, box: FakeBox, seeded: None) -> None:
        self.gone_at_700(box)
        again = episode()
        hear(box.opened(again, 1600), now=at(1600))
        incident, complaint = the_incident(), Complaint.objects.get()
        assert (incident.state, incident.cleared, incident.closed) == ("active", None, None)
        assert (complaint.state, complaint.ended) == ("waiting", None)
        assert complaint.history.order_by("-step").first().action == "recur"
        hear(box.closed(again, 1700), now=at(1700))
        tick(at(2300))
        assert (the_incident().state, Complaint.objects.get().state) == ("closed", "gone")

    def test_after_the_window_it_is_a_new_one(self, box: FakeBox, seeded: None) -> None:
        self.gone_at_700(box)
        hear(box.opened(episode(), 1601), now=at(1601))
        assert list(Incident.objects.order_by("pk").values_list("state", flat=True)) == ["closed", "active"]

    def test_a_late_word_from_before_the_end_changes_nothing(self, box: FakeBox, seeded: None) -> None:
        self.gone_at_700(box)
        late = episode()
        hear(box.opened(late, 20, zone="z2"), box.closed(late, 80, zone="z2"), now=at(1000))
        assert (the_incident().state, Complaint.objects.get().state) == ("closed", "gone")
        assert the_incident().episodes.count() == 2

    def test_what_came_back_and_went_while_the_line_was_down(self, box: FakeBox, seeded: None) -> None:
        self.gone_at_700(box)
        late = episode()
        hear(box.opened(late, 900), box.closed(late, 950), now=at(5000))
        tick(at(5001))
        incident, complaint = the_incident(), Complaint.objects.get()
        assert (incident.state, incident.cleared, complaint.state) == ("closed", at(1550), "gone")
        assert [row.action for row in complaint.history.order_by("step")] == ["open", "vanish", "recur", "vanish"]
