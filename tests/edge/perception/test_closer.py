"""Crops of the demo's calibrated cameras."""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from calibration.camera_file import load
from calibration.ground import GroundPlane
from edge.perception.closer import CAR_M, car_map, crops_of
from edge.perception.zone import Zone
from models.zoom import Crop, crops_for
from models.zoom_cover import Frame
from models.zoom_plan import car_px_seen
from scripts.demo.city import BOX_FILE, CLIPS
from tests.calibration.views import pole_camera

SIDE = 416
CALIBRATED = [
    name for name, section in yaml.safe_load(BOX_FILE.read_text())["cameras"].items() if "calibration" in section
]


def camera(name: str) -> tuple[GroundPlane, list[Zone]]:
    section = yaml.safe_load(BOX_FILE.read_text())["cameras"][name]
    zones = [Zone(zone, tuple(map(tuple, drawn["points"]))) for zone, drawn in section["zones"].items()]
    return load(BOX_FILE.parent / section["calibration"]), zones


def test_the_far_end_of_gatot_subroto_is_looked_at_twice_as_large() -> None:
    ground, zones = camera("gatot_subroto")
    assert crops_of((640, 360), zones, SIDE, ground) == (Crop(190, 84, 505, 261),)


@pytest.mark.parametrize("size", [(640, 360), (1920, 1080)], ids=["second stream", "main stream"])
@pytest.mark.parametrize("name", CALIBRATED)
def test_one_crop_makes_every_car_of_the_demo_large_enough(name: str, size: tuple[int, int]) -> None:
    ground, zones = camera(name)
    polygons = [zone.pixels(*size) for zone in zones]
    there, frame = ground.resized(*size), Frame(*size, SIDE)
    crops = crops_of(size, zones, SIDE, there)
    assert len(crops) == 1
    assert np.nanmin(car_px_seen(car_map(there), frame, (), polygons)) < 18
    assert np.nanmin(car_px_seen(car_map(there), frame, crops, polygons)) == pytest.approx(24, rel=0.01)


def test_without_a_calibration_the_zones_are_enlarged_evenly() -> None:
    _, zones = camera("simpang_balai")
    assert crops_of((640, 360), zones, SIDE, None) == crops_for(640, 360, [zone.pixels(640, 360) for zone in zones])


def test_the_sky_has_no_cars() -> None:
    cars = car_map(pole_camera(height_m=8, tilt_deg=5, focal_px=1000))
    assert cars.shape == (45, 80)
    assert np.isnan(cars[:17]).all()  # the horizon: row 272.5 of 720
    assert np.isfinite(cars[17:]).all()


def truth(clip: Path) -> list[tuple[tuple[float, float], float]]:
    """The middle of the lower third and the root of the area of every car that shows whole."""
    found = []
    for frame in json.loads(clip.with_suffix(".json").read_text())["frames"][::8]:
        for thing in frame["objects"]:
            x1, y1, x2, y2 = thing["box"]
            if thing["class"] == "car" and thing["visible"] > 0.99 and x1 > 0 and y1 > 0 and x2 < 639 and y2 < 359:
                found.append((((x1 + x2) / 2, y2 - (y2 - y1) / 6), ((x2 - x1) * (y2 - y1)) ** 0.5))
    return found


@pytest.mark.parametrize("name", CALIBRATED)
def test_hardly_a_rendered_car_is_smaller_than_the_map_says(name: str) -> None:
    ground, _ = camera(name)
    cars = truth(CLIPS[name])
    said = CAR_M * ground.pixels_per_metre([place for place, _ in cars])
    ratios = np.array([size for _, size in cars]) / said
    assert np.mean(ratios < 1) < 0.06
    assert 1.1 < np.median(ratios) < 1.3
