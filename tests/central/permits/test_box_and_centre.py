"""One permit, from the centre's database over the wire into a box: both judge a place on the map alike."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from calibration.camera_file import CameraFile
from calibration.fitting import fit_lonlat
from calibration.geodesy import LonLat
from central.boxes.desired.composing import compose
from central.boxes.models import Box
from central.permits.law import Answer, Spot, permitted
from central.permits.models import Permit
from central.permits.pushing import push
from contract.desired import read_desired
from edge.config.desired import decided
from edge.config.document import Configuration, load
from edge.incidents.area import Areas, middle_of
from edge.incidents.dwell import Standing
from edge.incidents.permits import BORDER_M, Standpoint, named, rule_on
from edge.standing import vending_settings
from tests.central.fakebox import FakeBox
from tests.central.moments import NOON, at
from tests.central.permits.places import JAKARTA, SW, permit
from tests.central.permits.test_pushing import ADI, stands

pytestmark = pytest.mark.django_db

BOX = """
box: {id: pgk-01}
mqtt: {url: "mqtt://127.0.0.1:1"}
cameras:
  simpang:
    calibration: simpang.json
    inputs: [{url: "rtsp://127.0.0.1:1/none"}]
    purpose: [security]
    zones: {trotoar: {kind: no_vending, points: [[0,0],[1,0],[1,1]]}}
    incidents: {vending: {zones: [trotoar]}}
"""
SIZE = (640, 360)
SAYS = {Standpoint.ALLOWED: Answer.YES, Standpoint.DOUBTFUL: Answer.AMBIGUOUS, Standpoint.FORBIDDEN: Answer.NO}


@pytest.fixture
def running(box: FakeBox, tmp_path: Path) -> Configuration:
    """What the box runs after the centre has told it of a permit that covers the left of its view."""
    pixels = np.array([[100, 300], [500, 300], [620, 350], [20, 350], [320, 320]], float)
    metres = np.array([[-8, 40], [8, 40], [8, 12], [-8, 12], [0, 25]], float)
    fit = fit_lonlat(pixels, LonLat(*SW).of_metres(metres), *SIZE, tolerance_m=20)
    (tmp_path / "simpang.json").write_text(CameraFile.of(fit).model_dump_json())
    (tmp_path / "box.yaml").write_text(BOX)
    ring = LonLat(*SW).of_metres(np.array([[-9.0, 14], [-1, 14], [-1, 38], [-9, 38]])).tolist()
    stands(box, 0)
    push([permit(ring=ring)], ADI, at(1))
    document = compose(Box.objects.get())
    assert document is not None
    return decided(load(tmp_path / "box.yaml"), read_desired(document.to_bytes()))


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(30, 610), st.floats(290, 359))
def test_a_place_on_the_map(running: Configuration, x: float, y: float) -> None:
    camera = running.document.cameras["simpang"]
    ground = running.calibration_of("simpang")
    assert ground is not None
    assert camera.incidents.vending is not None
    permits = named(vending_settings(camera, camera.incidents.vending, JAKARTA, running.permits["simpang"]).permits)
    stall = Standing(1, "vendor", (x - 9, y - 30, x + 9, y), 0, 100, 0.8, (("vendor", 1),), hits=9, looks=9)
    areas = Areas([one.zone for one in permits], ground).of(SIZE)
    noon = datetime(2026, 3, 2, 12, tzinfo=JAKARTA)
    theirs = rule_on([stall], permits, areas, noon, SIZE[0])[1]

    lon, lat = ground.to_lonlat([middle_of(stall.box)])[0]
    spot, ours = Spot(float(lon), float(lat), BORDER_M), Permit.objects.get().place
    assume(abs(abs(ours.depth_m(spot)) - BORDER_M) > 0.02)  # a sphere here, an ellipsoid there
    assert SAYS[theirs.standpoint] is permitted(spot, 1, noon.astimezone(UTC), [ours]).answer


def test_it_flips_on_the_day_without_a_push(running: Configuration) -> None:
    (held,) = running.permits["simpang"]
    assert held.holds_on(Permit.objects.get().valid_to)
    assert not held.holds_on(Permit.objects.get().valid_to.replace(month=7, day=1))
    assert held.time_zone == JAKARTA
    assert running.desired == 1
    assert NOON.date() < held.valid_to
