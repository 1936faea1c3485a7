"""What the centre decides is laid over the box's file: whole where it holds, not at all where it does not."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from calibration.camera_file import CameraFile
from calibration.fitting import fit_lonlat
from calibration.geodesy import LonLat
from contract.desired import Desired, DesiredError, ModelNames
from contract.settings.camera import CameraSettings
from contract.settings.permits import DesiredPermit
from edge.config.desired import decided
from edge.config.document import Configuration, load
from edge.incidents.area import GroundZone
from edge.perception.zone import Zone

BOX = """
box: {id: pgk-01}
mqtt: {url: "mqtt://127.0.0.1:1"}
cameras:
  simpang:
    inputs: [{url: "rtsp://127.0.0.1:1/none"}]
    purpose: [traffic, security]
    zones: {utara: {kind: roadway, place: "jl-a:utara", points: [[0,0],[1,0],[1,1]]}}
    incidents: {jam: {zones: [utara]}}
  pasar:
    inputs: [{url: "rtsp://127.0.0.1:1/none"}]
    purpose: [security]
    zones: {trotoar: {kind: no_vending, points: [[0,0],[1,0],[1,1]]}}
    incidents: {vending: {zones: [trotoar]}}
"""
SQUARE = [[0, 0.5], [1, 0.5], [1, 1], [0, 1]]
MIDDLE = LonLat(106.11, -2.13)


@pytest.fixture
def own(tmp_path: Path) -> Configuration:
    file = tmp_path / "box.yaml"
    file.write_text(BOX)
    return load(file)


def settings(**changes: object) -> CameraSettings:
    usual = {
        "zones": {"selatan": {"kind": "roadway", "place": "jl-a:selatan", "points": SQUARE}},
        "incidents": {"jam": {"zones": ["selatan"], "min_duration": "90s"}},
    }
    return CameraSettings.model_validate(usual | changes)


def desired(version: int = 7, **changes: object) -> Desired:
    return Desired(version=version, made=datetime(2026, 1, 1, tzinfo=UTC), **changes)


def calibration() -> dict[str, object]:
    pixels = np.array([[100, 300], [500, 300], [620, 350], [20, 350], [320, 320]], float)
    metres = np.array([[-8, 40], [8, 40], [8, 12], [-8, 12], [0, 25]], float)
    fit = fit_lonlat(pixels, MIDDLE.of_metres(metres), 640, 360, tolerance_m=20)
    return CameraFile.of(fit).model_dump(mode="json")


def faults(own: Configuration, wanted: Desired) -> dict[str, str]:
    with pytest.raises(DesiredError) as refused:
        decided(own, wanted)
    assert refused.value.refusal.version == wanted.version
    return {fault.place: fault.text for fault in refused.value.refusal.faults}


def test_a_named_camera_is_as_the_centre_says_and_another_as_its_file_says(own: Configuration) -> None:
    merged = decided(own, desired(cameras={"simpang": settings()}))
    simpang = merged.document.cameras["simpang"]
    assert list(simpang.zones) == ["selatan"]
    assert simpang.incidents.jam is not None
    assert simpang.incidents.jam.min_duration == 90
    assert simpang.inputs == own.document.cameras["simpang"].inputs
    assert merged.document.cameras["pasar"] == own.document.cameras["pasar"]
    assert merged.version.startswith("desired:7:")
    assert merged.settings_of("simpang") == settings()


def test_a_calibration_comes_inline_and_can_be_taken_away(own: Configuration) -> None:
    merged = decided(own, desired(cameras={"simpang": settings(calibration=calibration())}))
    ground = merged.calibration_of("simpang")
    assert ground is not None
    assert np.isfinite(ground.to_ground([[320, 320]])).all()
    assert decided(own, desired(cameras={"simpang": settings()})).calibration_of("simpang") is None


def test_every_fault_is_named_with_its_place(own: Configuration) -> None:
    wrong = desired(
        cameras={
            "simpang": settings(
                zones={"selatan": {"kind": "no_parking", "points": [[0, 0], [1, 1], [1, 0], [0, 1]]}},
                calibration={"version": 1, "image": {"width": 640, "height": 360}},
            ),
            "pasar": settings(),
        }
    )
    told = faults(own, wrong)
    assert "cross" in told["cameras.simpang.zones.selatan.points"]
    assert "jam needs roadway" in told["cameras.simpang.incidents.jam.zones[0]"]
    assert "is missing" in told["cameras.simpang.calibration.homography"]
    assert "refused: jam serves traffic" in told["cameras.pasar.incidents.jam"]


def test_what_a_camera_may_serve_is_the_boxs_own_to_say(own: Configuration) -> None:
    vending = settings(
        zones={"trotoar": {"kind": "no_vending", "points": SQUARE}}, incidents={"vending": {"zones": ["trotoar"]}}
    )
    assert decided(own, desired(cameras={"simpang": vending}))
    flood = settings(incidents={"flood": {"zones": ["selatan"]}})
    assert list(faults(own, desired(cameras={"simpang": flood}))) == ["cameras.simpang.incidents.flood"]


def test_a_camera_that_the_box_does_not_have_is_passed_over(own: Configuration) -> None:
    assert decided(own, desired(cameras={"elsewhere": settings()})).document.cameras == own.document.cameras


def test_models_are_named_and_the_rest_stays(own: Configuration) -> None:
    models = decided(own, desired(models=ModelNames(water="water"))).document.models
    assert (models.street, models.water) == (own.document.models.street, "water")


def permit(**where: object) -> DesiredPermit:
    return DesiredPermit(sk="SK 12/2025", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), **where)


def test_a_permit_in_a_view_is_that_cameras_alone(own: Configuration) -> None:
    merged = decided(own, desired(permits=(permit(camera="pasar", points=SQUARE),)))
    (held,) = merged.permits["pasar"]
    assert isinstance(held.zone, Zone)
    assert merged.permits["simpang"] == ()


def test_a_permit_on_the_map_is_found_by_calibrated_cameras_within_reach(own: Configuration) -> None:
    corners = MIDDLE.of_metres(np.array([[-5, 20], [5, 20], [5, 30], [-5, 30]], float))
    far = MIDDLE.of_metres(np.array([[-5, 2020], [5, 2020], [5, 2030]], float))
    permits = tuple(permit(lonlat=[tuple(corner) for corner in place]) for place in (corners.tolist(), far.tolist()))
    merged = decided(own, desired(cameras={"simpang": settings(calibration=calibration())}, permits=permits))
    (held,) = merged.permits["simpang"]
    assert isinstance(held.zone, GroundZone)
    middle = merged.calibration_of("simpang").origin.metres(MIDDLE.of_metres(np.array([[-5.0, 20.0]])))
    np.testing.assert_allclose(held.zone.metres[0], middle[0], atol=0.01)
    assert merged.permits["pasar"] == ()


def test_a_permit_whose_outline_crosses_itself_is_refused(own: Configuration) -> None:
    crossed = permit(lonlat=[(106.1, -2.1), (106.2, -2.2), (106.2, -2.1), (106.1, -2.2)])
    assert "cross" in faults(own, desired(permits=(crossed,)))["permits[0].lonlat"]


def test_what_is_written_at_its_default_is_not_sent(own: Configuration) -> None:
    wanted = desired(cameras={"simpang": settings()})
    sent = json.loads(wanted.to_bytes())
    assert sent["cameras"]["simpang"]["incidents"] == {"jam": {"zones": ["selatan"], "min_duration": "90s"}}
    assert "permits" not in sent
    assert Desired.from_bytes(wanted.to_bytes()) == wanted
