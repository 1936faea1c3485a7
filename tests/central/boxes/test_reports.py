"""What boxes say of themselves."""

import pytest

from central.boxes.models import Box, Camera, Zone
from central.feed.models import Change
from central.intake.handling import handle_reports
from central.intake.models import Quarantined
from central.intake.subscription import Message
from contract.events import Location
from contract.kinds import BoxState, CameraState, ZoneKind
from contract.reports import BoxInfo, BoxStatus, CameraInfo, CameraStatus, ZoneInfo
from contract.topics import CameraTopic, InfoTopic, StatusTopic
from tests.central.fakebox import FakeBox
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


def info(box: FakeBox, *cameras: CameraInfo) -> Message:
    said = BoxInfo(site="Pangkalpinang", software="0.1", models={"nanodet": "0" * 64}, cameras=cameras)
    return Message(InfoTopic(box.id).path, said.to_bytes(), retained=True)


def camera(code: str, *zones: ZoneInfo) -> CameraInfo:
    return CameraInfo(id=code, name=code.title(), location=Location(lat=-2.13, lon=106.11), zones=zones)


ROAD = ZoneInfo(id="utara", kind=ZoneKind.ROADWAY, place="jl-sudirman:utara", points=((0, 0), (1, 0), (1, 1)))


def test_heartbeat(box: FakeBox) -> None:
    box.seq = 7
    [due] = handle_reports([box.status(3, acked=0)], NOON)
    row = Box.objects.get()
    assert (row.state, row.heartbeat, row.clock_offset_s, row.last_seq) == ("online", NOON, 3.0, 7)
    assert (due.box, due.ack.epoch, due.ack.seq) == (box.id, box.epoch, 0)


def test_retained_heartbeat_of_last_week_does_not_raise_the_dead(box: FakeBox) -> None:
    handle_reports([box.status(0, retained=True)], at(7 * 86_400))
    row = Box.objects.get()
    assert (row.state, row.heartbeat, row.clock_offset_s) == ("offline", NOON, None)


def test_last_will(box: FakeBox) -> None:
    handle_reports([box.status()], NOON)
    will = Message(StatusTopic(box.id).path, BoxStatus(state=BoxState.OFFLINE).to_bytes())
    assert handle_reports([will, will], at(5)) == []
    assert Box.objects.get().state_since == at(5)
    assert list(Change.objects.values_list("what", flat=True)) == ["online", "offline"]


def test_info_lists_cameras_and_zones(box: FakeBox) -> None:
    handle_reports([info(box, camera("simpang", ROAD), camera("pasar"))], NOON)
    assert set(Camera.objects.values_list("code", "listed")) == {("simpang", True), ("pasar", True)}
    assert Zone.objects.get().place == "jl-sudirman:utara"
    handle_reports([info(box, camera("simpang"))], at(5))
    assert set(Camera.objects.values_list("code", "listed")) == {("simpang", True), ("pasar", False)}
    assert not Zone.objects.exists()


def test_camera_state_goes_forward_in_time_only(box: FakeBox) -> None:
    def says(state: CameraState, since: float) -> Message:
        status = CameraStatus(state=state, since=at(since), reason="no picture")
        return Message(CameraTopic(box.id, "simpang").path, status.to_bytes())

    handle_reports([says(CameraState.STALLED, 10), says(CameraState.STREAMING, 5)], at(11))
    assert Camera.objects.get().state == "stalled"
    assert list(Change.objects.values_list("topic", "ref", "what")) == [("camera", "pgk-01/simpang", "stalled")]


def test_unreadable_report_is_set_aside_once(box: FakeBox) -> None:
    broken = Message(StatusTopic(box.id).path, b'{"state":"asleep"}')
    assert handle_reports([broken, broken, box.status()], NOON)
    aside = Quarantined.objects.get()
    assert (aside.times, aside.box) == (2, box.id)
    assert "state" in aside.reason


def test_report_of_a_stranger(db: None) -> None:
    assert handle_reports([FakeBox("stranger").status()], NOON) == []
    assert "not enrolled" in Quarantined.objects.get().reason
    assert not Box.objects.exists()
