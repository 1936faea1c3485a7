import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from calibration.cli import app
from calibration.heights import uprights
from tests.calibration.test_fitting import ROAD, noisy_pixels
from tests.calibration.test_lens import BARREL, seen_through
from tests.calibration.views import pole_camera


@pytest.fixture
def points_file(tmp_path: Path) -> Path:
    places = pole_camera(6, 25, 1000).to_ground(ROAD).tolist()
    pairs = [{"pixel": pixel, "metres": metres} for pixel, metres in zip(ROAD, places, strict=True)]
    path = tmp_path / "points.json"
    path.write_text(json.dumps({"image": {"width": 1280, "height": 720}, "points": pairs}))
    return path


def test_fit_writes_a_camera_that_show_prints(points_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "camera.json"
    fitted = CliRunner().invoke(app, ["fit", str(points_file), "--out", str(out)])
    assert fitted.exit_code == 0, fitted.output
    assert "RMS 0.000 m over 6 of 6 points" in fitted.output
    shown = CliRunner().invoke(app, ["show", str(out)])
    assert shown.exit_code == 0
    assert "RMS 0.000 m over 6 of 6 points" in shown.output
    assert "one pixel spans" in shown.output


def test_four_points_come_with_a_warning(points_file: Path, tmp_path: Path) -> None:
    content = json.loads(points_file.read_text())
    points_file.write_text(json.dumps({**content, "points": content["points"][:4]}))
    fitted = CliRunner().invoke(app, ["fit", str(points_file), "--out", str(tmp_path / "camera.json")])
    assert "the residuals say nothing" in fitted.output
    assert "no lens was looked for: that takes 8 points" in fitted.output


def test_a_fitted_lens_is_said(tmp_path: Path) -> None:
    pixels, places = noisy_pixels(seen_through(BARREL), 12, 0.5, 1)
    pairs = [{"pixel": pixel, "metres": metres} for pixel, metres in zip(pixels.tolist(), places.tolist(), strict=True)]
    points = tmp_path / "points.json"
    points.write_text(json.dumps({"image": {"width": 1280, "height": 720}, "points": pairs}))
    fitted = CliRunner().invoke(app, ["fit", str(points), "--out", str(tmp_path / "camera.json")])
    assert "a lens was fitted, k1 = -0.4" in fitted.output
    assert "without it the RMS would be 0." in fitted.output


@pytest.mark.parametrize("arguments", [["fit", "no.json", "--out", "x.json"], ["show", "no.json"]])
def test_a_missing_file_is_a_sentence_and_exit_code_2(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "no.json cannot be read" in result.stderr
    assert "Traceback" not in result.output


def test_the_height_of_a_mark_is_told(points_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "camera.json"
    CliRunner().invoke(app, ["fit", str(points_file), "--out", str(out)])
    upright = uprights(pole_camera(6, 25, 1000))
    ((column, row),) = upright.to_image(upright.plane.to_ground([(640, 500)]), 0.4)
    told = CliRunner().invoke(app, ["height", str(out), "--foot", "640", "500", "--top", str(column), str(row)])
    assert told.exit_code == 0, told.output
    assert "40 cm above the ground; a pixel there is " in told.output
    refused = CliRunner().invoke(app, ["height", str(out), "--foot", "640", "-500", "--top", "640", "-600"])
    assert (refused.exit_code, "above the horizon" in refused.stderr) == (2, True)
