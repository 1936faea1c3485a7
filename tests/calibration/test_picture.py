import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from calibration.cli import app
from calibration.ground import CalibrationError, GroundPlane
from calibration.picture import BAND_PX, Mark, draw_grid
from tests.calibration.test_fitting import ROAD
from tests.calibration.test_lens import BARREL, seen_through
from tests.calibration.views import HEIGHT, WIDTH, pole_camera

GREY = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)


def brightness(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The brightest of the 3 × 3 pixels around each point."""
    grown = cv2.dilate(picture[:, :, 0], np.ones((3, 3), np.uint8))
    columns, rows = points.round().astype(int).T
    return grown[rows, columns]


@pytest.mark.parametrize("plane", [pole_camera(6, 25, 900), seen_through(BARREL)], ids=["pinhole", "lens"])
def test_lines_run_where_the_metres_are_round(plane: GroundPlane) -> None:
    picture = draw_grid(GREY, plane)
    assert picture.shape == (HEIGHT + BAND_PX, WIDTH, 3)
    on_line = plane.to_image([(0, y) for y in np.arange(8.3, 25, 0.5)])
    between = plane.to_image([(0.5, y) for y in np.arange(8.5, 16, 1)])
    assert (brightness(picture, on_line) > 150).all()
    assert np.median(brightness(picture, between)) <= 90


def test_the_sky_stays_clear_and_lines_end_before_they_run_together() -> None:
    plane = pole_camera(6, 5, 900)
    picture = draw_grid(GREY, plane)
    horizon = int(HEIGHT / 2 - 900 * np.tan(np.radians(5)))
    assert (picture[: horizon + 5] == 90).all()


def test_an_arrow_points_to_where_the_plane_puts_the_point() -> None:
    plane = pole_camera(6, 25, 900)
    pixel = np.array([400.0, 500.0])
    aside = plane.to_ground([pixel + np.array([12, 0])])[0]
    marks = [Mark((400.0, 500.0), (float(aside[0]), float(aside[1])), True)]
    drawn = np.any(draw_grid(GREY, plane, marks) != draw_grid(GREY, plane), axis=2)
    assert drawn[497:504, 405:515].any(axis=0).all()
    assert not drawn[:HEIGHT, 530:].any()


def test_a_small_still_is_enlarged() -> None:
    assert draw_grid(GREY[::4, ::4], pole_camera(6, 25, 900)).shape == (HEIGHT + BAND_PX, WIDTH, 3)


def test_a_still_of_another_shape_is_refused() -> None:
    with pytest.raises(CalibrationError, match="other proportions"):
        draw_grid(GREY[:480, :640], pole_camera(6, 25, 900))


def test_a_plane_far_away_is_refused() -> None:
    far = pole_camera(6, 25, 900)
    with pytest.raises(CalibrationError, match="nowhere in this picture"):
        draw_grid(GREY, GroundPlane(np.diag([1e3, 1e3, 1]) @ far.homography, WIDTH, HEIGHT))


@pytest.fixture
def points_file(tmp_path: Path) -> Path:
    places = pole_camera(6, 25, 900).to_ground(ROAD).tolist()
    pairs = [{"pixel": pixel, "metres": metres} for pixel, metres in zip(ROAD, places, strict=True)]
    path = tmp_path / "points.json"
    path.write_text(json.dumps({"image": {"width": WIDTH, "height": HEIGHT}, "points": pairs}))
    return path


def test_fit_and_show_draw_the_same_grid(points_file: Path, tmp_path: Path) -> None:
    still = tmp_path / "still.png"
    cv2.imwrite(str(still), GREY)
    draw = ["--picture", str(still), "--grid"]
    camera = str(tmp_path / "camera.json")
    fitted = CliRunner().invoke(app, ["fit", str(points_file), "--out", camera, *draw, str(tmp_path / "a.png")])
    shown = CliRunner().invoke(app, ["show", camera, *draw, str(tmp_path / "b.png")])
    assert (fitted.exit_code, shown.exit_code) == (0, 0), fitted.output + shown.output
    first, second = (cv2.imread(str(tmp_path / name)) for name in ("a.png", "b.png"))
    np.testing.assert_array_equal(first, second)
    assert first.shape == (HEIGHT + BAND_PX, WIDTH, 3)
    assert (first[:HEIGHT] != GREY).any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--picture", "STILL"], "needs both"),
        (["--grid", "a.png"], "needs both"),
        (["--picture", "POINTS", "--grid", "a.png"], "no picture"),
        (["--picture", "STILL", "--grid", "a.pdf"], "must end in"),
        (["--picture", "nowhere.png", "--grid", "a.png"], "nowhere.png"),
    ],
    ids=["no grid", "no picture", "not a picture", "kind", "missing"],
)
def test_a_grid_that_cannot_be_drawn_is_refused(
    points_file: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    still = tmp_path / "still.png"
    cv2.imwrite(str(still), GREY)
    named = [{"STILL": str(still), "POINTS": str(points_file)}.get(word, word) for word in arguments]
    result = CliRunner().invoke(app, ["fit", str(points_file), "--out", str(tmp_path / "camera.json"), *named])
    assert result.exit_code == 2
    assert message in result.stderr
