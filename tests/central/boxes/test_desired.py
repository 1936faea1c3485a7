"""What is decided at the centre reaches a box, until it says that it runs it, or why not."""

from datetime import datetime
from typing import Any

import pytest

from central.accounts.roles import Actor, Role
from central.boxes.desired.checking import DoesNotHold, checked
from central.boxes.desired.composing import compose
from central.boxes.desired.drift import Standing, drift_of
from central.boxes.desired.publishing import desired_due
from central.boxes.desired.versions import Overtaken, decide, go_back, mark_of, newest, renew
from central.boxes.models import Box, Camera, DesiredVersion
from central.intake.handling import handle_reports
from central.intake.subscription import Message
from contract.desired import Fault, Refusal
from contract.kinds import BoxState, Purpose
from contract.reports import BoxInfo, BoxStatus, CameraInfo
from contract.settings.camera import CameraSettings
from contract.topics import InfoTopic, StatusTopic
from tests.central.fakebox import FakeBox
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db

ADI = Actor(role=Role.ADMIN, name="adi")
FILE = {
    "zones": {"utara": {"kind": "roadway", "points": [[0, 0], [1, 0], [1, 1]]}},
    "incidents": {"jam": {"zones": ["utara"]}},
}


def slower(kmh: float) -> CameraSettings:
    return CameraSettings.model_validate(FILE | {"incidents": {"jam": {"zones": ["utara"], "speed_below_kmh": kmh}}})


@pytest.fixture
def camera(box: FakeBox) -> Camera:
    """One whose box has told what it looks for."""
    tell(box, CameraSettings.model_validate(FILE))
    return Camera.objects.get()


def tell(box: FakeBox, settings: CameraSettings, now: datetime = NOON) -> None:
    said = CameraInfo(
        id="simpang",
        name="Simpang",
        purpose=(Purpose.TRAFFIC,),
        config=settings.digest(),
        settings=settings.model_dump(mode="json", exclude_defaults=True),
    )
    info = BoxInfo(site="Pangkalpinang", software="0.1", models={}, cameras=(said,), certificate_until=at(86_400))
    handle_reports([Message(InfoTopic(box.id).path, info.to_bytes())], now)


def beat(box: FakeBox, seconds: float, desired: int | None = None, refused: Refusal | None = None) -> None:
    status = BoxStatus(
        state=BoxState.ONLINE,
        boxtime=at(seconds),
        interval_s=10,
        epoch=box.epoch,
        last_seq=0,
        acked_seq=0,
        desired=desired,
        refused=refused,
    )
    handle_reports([Message(StatusTopic(box.id).path, status.to_bytes())], at(seconds))


def sent(seconds: float) -> list[int]:
    return [due.desired.version for due in desired_due(at(seconds))]


def standing() -> Any:
    box = Box.objects.get()
    return drift_of(box, newest(box.pk), list(box.cameras.all()))


def test_nothing_is_sent_while_nobody_has_decided(box: FakeBox, camera: Camera) -> None:
    beat(box, 1)
    assert sent(2) == []
    assert compose(Box.objects.get()) is None
    assert standing().standing is Standing.OWN_FILE
    assert Box.objects.get().certificate_until == at(86_400)


def test_a_decision_is_sent_at_once_and_again_until_the_box_runs_it(box: FakeBox, camera: Camera) -> None:
    decide(camera, slower(7), ADI, at(10), why="Antrean lampu merah")
    assert sent(11) == [1]
    assert sent(12) == []
    beat(box, 13)
    assert sent(14) == [], "that heartbeat was under way"
    assert standing().standing is Standing.UNDER_WAY
    beat(box, 20)
    assert sent(21) == [1]
    tell(box, slower(7), at(21))
    beat(box, 22, desired=1)
    beat(box, 32, desired=1)
    assert sent(40) == []
    assert standing().standing is Standing.IN_FORCE


def test_only_the_newest_is_sent(box: FakeBox, camera: Camera) -> None:
    decide(camera, slower(7), ADI, at(10))
    decide(camera, slower(5), ADI, at(10))
    (due,) = desired_due(at(11))
    assert due.desired.version == 2
    assert due.desired.cameras["simpang"].incidents.jam == slower(5).incidents.jam
    assert sent(12) == []


def test_a_refused_version_is_not_sent_again_and_its_faults_are_shown(box: FakeBox, camera: Camera) -> None:
    decide(camera, slower(7), ADI, at(10))
    assert sent(11) == [1]
    fault = Fault(place="cameras.simpang.zones.utara.points", text="cross")
    beat(box, 20, refused=Refusal(version=1, faults=(fault,)))
    beat(box, 30, refused=Refusal(version=1, faults=(fault,)))
    assert sent(31) == []
    drift = standing()
    assert drift.standing is Standing.REFUSED
    assert drift.faults == (fault.model_dump(mode="json"),)
    decide(camera, slower(8), ADI, at(40))
    assert sent(41) == [2]


def test_a_box_that_names_the_version_but_looks_for_something_else_has_drifted(box: FakeBox, camera: Camera) -> None:
    decide(camera, slower(7), ADI, at(10))
    beat(box, 20, desired=1)
    assert (standing().standing, standing().differing) == (Standing.DRIFTED, ("simpang",))


def test_any_earlier_version_can_be_gone_back_to_and_so_can_the_file(box: FakeBox, camera: Camera) -> None:
    decide(camera, slower(7), ADI, at(10), why="first")
    decide(camera, slower(5), ADI, at(20), why="second")
    back = go_back(camera, 1, ADI, at(30))
    assert (back.number, back.restores, back.by) == (3, 1, "adi")
    assert back.document["cameras"] == DesiredVersion.objects.get(number=1).document["cameras"]
    assert go_back(camera, 0, ADI, at(40)).document["cameras"] == {}
    (due,) = desired_due(at(41))
    assert (due.desired.version, due.desired.cameras) == (4, {})


def test_who_was_overtaken_is_told(camera: Camera) -> None:
    seen = mark_of(camera)
    decide(camera, slower(7), ADI, at(10), seen=seen)
    with pytest.raises(Overtaken):
        decide(camera, slower(5), ADI, at(11), seen=seen)
    assert DesiredVersion.objects.count() == 1


def test_what_is_put_in_when_sent_can_be_renewed(camera: Camera) -> None:
    decide(camera, slower(7), ADI, at(10))
    renewed = renew(camera.box_id, ADI, at(20), "permits")
    assert renewed.document == DesiredVersion.objects.get(number=1).document
    assert sent(21) == [2]


@pytest.mark.parametrize(
    ("changes", "place", "text"),
    [
        ({"incidents": {"jam": {"zones": ["utara"], "speed_below": 7}}}, "incidents.jam.speed_below", "did you mean"),
        ({"incidents": {"jam": {"zones": ["selatan"]}}}, "incidents.jam.zones[0]", "known: utara"),
        ({"incidents": {"flood": {"zones": ["utara"]}}}, "incidents.flood", "not in this camera's purpose"),
        ({"privacy_masks": [[[0, 0], [1, 1], [1, 0], [0, 1]]]}, "privacy_masks[0]", "cross"),
        ({"calibration": {"version": 1}}, "calibration.homography", "is missing"),
    ],
)
def test_what_a_box_would_refuse_is_refused_here(camera: Camera, changes: Any, place: str, text: str) -> None:
    with pytest.raises(DoesNotHold) as refused:
        checked(FILE | changes, camera)
    told = {fault.place: fault.text for fault in refused.value.faults}
    assert text in told[place]
