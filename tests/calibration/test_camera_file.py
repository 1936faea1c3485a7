import json
from pathlib import Path

import numpy as np
import pytest

from calibration.camera_file import load, read_camera, read_points, save
from calibration.fitting import fit_lonlat, fit_metres
from calibration.geodesy import LonLat
from calibration.ground import CalibrationError
from tests.calibration.test_fitting import ROAD
from tests.calibration.test_lens import BARREL, seen_through
from tests.calibration.views import HEIGHT, WIDTH, pole_camera

POINTS = {"image": {"width": 1280, "height": 720}, "points": [{"pixel": [1, 2], "metres": [3, 4]}]}


def test_a_saved_plane_is_the_same_when_loaded(tmp_path: Path) -> None:
    metres = pole_camera(6, 25, 1000).to_ground(ROAD)
    fit = fit_lonlat(ROAD, LonLat(106.11, -2.13).of_metres(metres), WIDTH, HEIGHT)
    save(fit, tmp_path / "camera.json")
    plane = load(tmp_path / "camera.json")
    np.testing.assert_array_equal(plane.to_ground(ROAD), fit.plane.to_ground(ROAD))
    assert (plane.width, plane.height, plane.offset_m, plane.origin) == (
        WIDTH,
        HEIGHT,
        fit.plane.offset_m,
        fit.plane.origin,
    )
    assert read_camera(tmp_path / "camera.json").rms_m == fit.rms_m


def test_a_saved_lens_is_the_same_when_loaded(tmp_path: Path) -> None:
    truth = seen_through(BARREL)
    fit = fit_metres(ROAD, truth.to_ground(ROAD), WIDTH, HEIGHT, lens=BARREL)
    save(fit, tmp_path / "camera.json")
    plane = load(tmp_path / "camera.json")
    assert plane.lens == BARREL
    np.testing.assert_allclose(plane.to_ground(ROAD), truth.to_ground(ROAD), atol=1e-6)


def test_a_camera_file_without_a_lens_is_still_read(tmp_path: Path) -> None:
    fit = fit_metres(ROAD, pole_camera(6, 25, 1000).to_ground(ROAD), WIDTH, HEIGHT)
    save(fit, tmp_path / "camera.json")
    content = json.loads((tmp_path / "camera.json").read_text())
    known_to_the_first_version = ("version", "image", "homography", "offset_m", "origin", "rms_m", "points")
    old = {key: content[key] for key in known_to_the_first_version}
    (tmp_path / "camera.json").write_text(json.dumps(old))
    np.testing.assert_array_equal(load(tmp_path / "camera.json").to_ground(ROAD), fit.plane.to_ground(ROAD))


def test_a_point_without_ground_is_kept_as_such(tmp_path: Path) -> None:
    metres = pole_camera(6, 5, 1000).to_ground(ROAD)
    fit = fit_metres([*ROAD, (640, 5)], [*metres, (0, 10)], WIDTH, HEIGHT)
    assert np.isinf(fit.residuals_m[-1])
    save(fit, tmp_path / "camera.json")
    assert read_camera(tmp_path / "camera.json").points[-1].residual_m is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not as expected"),
        (json.dumps({**POINTS, "colour": "red"}), "colour"),
        (json.dumps({**POINTS, "points": [{"pixel": [1, 2]}]}), r"points\.0.*either metres"),
        (json.dumps({**POINTS, "points": [{"pixel": [1, 2], "metres": [1, 2], "lonlat": [1, 2]}]}), "either metres"),
        (json.dumps({**POINTS, "tolerance_m": 0}), "tolerance_m"),
        (
            json.dumps({**POINTS, "lens": {"focal_px": [0, 9], "centre_px": [5, 5], "distortion": [0, 0, 0, 0, 0]}}),
            r"lens: .*focal length",
        ),
        (json.dumps({**POINTS, "image": {"width": 0, "height": 720}}), r"image\.width"),
        (
            '{"image": {"width": 9, "height": 9}, "points": [{"pixel": [NaN, 1], "metres": [0, 0]}]}',
            r"points\.0\.pixel",
        ),
    ],
    ids=["broken", "list", "unknown key", "no place", "two places", "tolerance", "lens", "size", "nan"],
)
def test_a_wrong_points_file_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "points.json"
    path.write_text(text)
    with pytest.raises(CalibrationError, match=message):
        read_points(path)


def test_missing_and_huge_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match=r"no\.json cannot be read: No such file"):
        load(tmp_path / "no.json")
    (tmp_path / "huge.json").write_bytes(b" " * (2**20 + 1))
    with pytest.raises(CalibrationError, match="larger than"):
        load(tmp_path / "huge.json")


def test_metres_and_lonlat_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "points.json"
    mixed = [*POINTS["points"], {"pixel": [5, 6], "lonlat": [106, -2]}]
    path.write_text(json.dumps({**POINTS, "points": mixed}))
    with pytest.raises(CalibrationError, match="same way"):
        read_points(path).fit()
