"""A blind camera never closes anything."""

import pytest

from central.accounts.roles import Actor, Role
from central.clockwork.tick import tick
from central.complaints.deciding import found_gone, reject
from central.complaints.models import Complaint
from central.incidents.deciding import NotPossible, found_still_there
from central.incidents.models import Decision, Incident
from central.intake.handling import handle_reports
from contract.kinds import CameraState, Closing, IncidentKind
from tests.central.fakebox import FakeBox, episode
from tests.central.incidents.hearing import camera_is, hear, the_incident
from tests.central.moments import at

pytestmark = pytest.mark.django_db

RINA = Actor(Role.OPERATOR, "rina")
TWO_HOURS = 7200
FAULT = {"kind": IncidentKind.CAMERA_FAULT, "zone": None, "place": None}


def jam() -> Incident:
    return the_incident(kind="jam")


@pytest.fixture
def jammed(box: FakeBox, seeded: None) -> object:
    known_as = episode()
    hear(box.opened(known_as), now=at(1))
    return known_as


def test_closing_under_a_fault_is_not_believed(box: FakeBox, jammed: object) -> None:
    fault = episode()
    hear(box.opened(fault, 50, **FAULT), box.closed(jammed, 80), now=at(80))
    tick(at(5000))
    assert (jam().state, jam().blind_since) == ("active", at(80))
    hear(box.closed(fault, 5100, **FAULT), now=at(5100))
    tick(at(5101))
    assert jam().state == "active", "nobody has seen the road free"
    clear = episode()
    hear(box.opened(clear, 5200), box.closed(clear, 5300), now=at(5300))
    assert jam().state == "clearing"


def test_a_fault_that_began_before_the_closing_is_heard_after_it(box: FakeBox, jammed: object) -> None:
    hear(box.closed(jammed, 80), now=at(80))
    assert jam().state == "clearing"
    hear(box.opened(episode(), 200, began=70, **FAULT), now=at(200))
    tick(at(2000))
    assert (jam().state, jam().hold_until) == ("active", None)


def test_a_rejected_fault_means_that_the_camera_sees(box: FakeBox, jammed: object) -> None:
    hear(box.opened(episode(), 50, **FAULT), now=at(50))
    reject(the_incident(kind="camera_fault").pk, RINA, "it is just night", at(60))
    hear(box.closed(jammed, 80), now=at(80))
    assert jam().state == "clearing"


@pytest.mark.parametrize("state", [CameraState.STALLED, CameraState.FAULTY, CameraState.DISABLED])
def test_the_hold_does_not_run_out_while_nobody_looks(state: CameraState, box: FakeBox, jammed: object) -> None:
    hear(box.closed(jammed, 100), now=at(100))
    camera_is(box, state, 300)
    tick(at(2000))
    assert (jam().state, jam().hold_until, jam().blind_since) == ("clearing", None, at(300))
    camera_is(box, CameraState.STREAMING, 2100)
    tick(at(2102))
    assert (jam().state, jam().cleared) == ("cleared" if Complaint.objects.filter(ended=None) else "closed", at(700))


def test_blind_after_the_hold_has_ended_changes_nothing(box: FakeBox, jammed: object) -> None:
    hear(box.closed(jammed, 100), now=at(100))
    camera_is(box, CameraState.STALLED, 701)
    assert jam().state == "closed"


def test_out_of_sight_for_long_becomes_an_operator_s_task(box: FakeBox, jammed: object) -> None:
    tick(at(60))
    camera_is(box, CameraState.STALLED, 300)
    tick(at(300 + TWO_HOURS - 1))
    assert (jam().state, jam().blind_since) == ("active", at(300))
    tick(at(300 + TWO_HOURS))
    assert (jam().state, Complaint.objects.get().state) == ("unknown", "waiting")
    camera_is(box, CameraState.STREAMING, 9000)
    assert (jam().state, jam().blind_since) == ("active", None)


def test_a_silent_box_sees_nothing_either(box: FakeBox, seeded: None) -> None:
    handle_reports([box.status(0)], at(0))
    hear(box.opened(episode()), now=at(1))
    tick(at(40))
    assert jam().blind_since == at(40)
    handle_reports([box.status(100)], at(100))
    tick(at(101))
    assert jam().blind_since is None


def test_what_a_box_saw_while_the_line_was_down_was_seen(box: FakeBox, jammed: object) -> None:
    handle_reports([box.status(0)], at(0))
    tick(at(40))
    hear(box.updated(jammed, 900), now=at(1000))
    assert jam().blind_since == at(900)


def test_a_box_that_never_reported_is_believed(box: FakeBox, jammed: object) -> None:
    hear(box.closed(jammed, 100), now=at(100))
    tick(at(700))
    assert jam().state == "closed"


def test_another_camera_that_sees_is_sight_enough(box: FakeBox, jammed: object) -> None:
    box.camera = "rumah-sakit"
    hear(box.opened(episode(), 10), now=at(10))
    box.camera = "simpang"
    camera_is(box, CameraState.STALLED, 300)
    assert jam().blind_since is None
    box.camera = "rumah-sakit"
    camera_is(box, CameraState.STALLED, 400)
    assert jam().blind_since == at(400)


def test_a_camera_s_fault_needs_no_sight(box: FakeBox, seeded: None) -> None:
    dark, offline = episode(), episode()
    hear(box.opened(dark, **FAULT), box.opened(offline, 10, **FAULT), now=at(10))
    camera_is(box, CameraState.STALLED, 20)
    tick(at(100_000))
    assert the_incident().state == "active"
    hear(box.closed(offline, 100_010, **FAULT), box.closed(dark, 100_020, **FAULT), now=at(100_020))
    assert the_incident().state == "clearing"


class TestOperatorsWord:
    """Somebody went and looked."""

    @pytest.fixture
    def unknown(self, box: FakeBox, jammed: object) -> Incident:
        tick(at(60))
        hear(box.closed(jammed, 100, Closing.LOST), now=at(100))
        tick(at(100 + TWO_HOURS))
        assert jam().state == "unknown"
        return jam()

    def test_still_there(self, unknown: Incident) -> None:
        found_still_there(unknown.pk, RINA, at(8000), "police on the phone")
        assert (jam().state, jam().blind_since) == ("active", at(8000))
        tick(at(8000 + TWO_HOURS))
        assert jam().state == "unknown"
        decision = Decision.objects.get()
        assert (decision.action, decision.actor, decision.reason) == ("still_there", "rina", "police on the phone")

    def test_gone(self, unknown: Incident) -> None:
        found_gone(unknown.pk, RINA, at(8000))
        assert (jam().state, jam().cleared, Complaint.objects.get().state) == ("closed", at(8000), "gone")
        with pytest.raises(NotPossible):
            found_gone(unknown.pk, RINA, at(8001))

    def test_gone_said_the_operator_but_the_camera_sees_it_again(self, box: FakeBox, jammed: object) -> None:
        tick(at(60))
        camera_is(box, CameraState.STALLED, 100)
        tick(at(101 + TWO_HOURS))
        found_gone(jam().pk, RINA, at(8000))
        assert Complaint.objects.get().state == "gone"
        camera_is(box, CameraState.STREAMING, 8100)
        hear(box.updated(jammed, 8200), now=at(8200))
        assert (jam().state, Complaint.objects.get().state) == ("active", "waiting")
