"""From the drawn canvas to the picture a camera sends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.lens import finish, through_lens
from scripts.render_scenes.moment import CameraState, Moment
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.scenes.scene import Lens, Scene

PINHOLE = Camera(320, 180, 300.0, (1.0, 0.0, 7.0), (0.0, 30.0, 0.0))
WIDE = replace(PINHOLE, focal_px=210.0, distortion=(-0.22, 0.04, 0.001, -0.002, 0.0))
CLEAN = Lens(noise=0.0)


def scene(camera: Camera = PINHOLE, lens: Lens = CLEAN) -> Scene:
    return Scene("test", 5, 8, 1, camera, StreetPlan(seed=5), story=None, lens=lens)  # type: ignore[arg-type]


def street(camera: Camera) -> np.ndarray:
    """A canvas with edges in it: a grey ramp with stripes."""
    canvas = camera.canvas
    x, y = np.meshgrid(np.arange(canvas.width_px), np.arange(canvas.height_px))
    grey = (60 + 80 * y / canvas.height_px + 50 * ((x // 12) % 2)).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def sharpness(picture: np.ndarray) -> float:
    return float(cv2.Laplacian(picture, cv2.CV_64F).var())


def test_a_clean_pinhole_changes_nothing() -> None:
    canvas = street(PINHOLE)
    np.testing.assert_array_equal(finish(canvas, scene(), Moment(0.0), 0), canvas)


@pytest.mark.parametrize("pixel", [(30.5, 20.5), (160.5, 90.5), (300.5, 170.5), (12.5, 168.5)])
def test_a_mark_on_the_canvas_lands_where_the_camera_projects_it(pixel: tuple[float, float]) -> None:
    canvas = np.zeros((WIDE.canvas.height_px, WIDE.canvas.width_px), np.uint8)
    (straight,) = WIDE.undistort(np.array([pixel]))
    at = straight + np.array([WIDE.canvas.width_px - WIDE.width_px, WIDE.canvas.height_px - WIDE.height_px]) / 2
    cv2.circle(canvas, tuple(round((v - 0.5) * 16) for v in at), 4 * 16, 255, -1, cv2.LINE_AA, shift=4)
    seen = through_lens(canvas, WIDE).astype(float)
    ys, xs = np.mgrid[: WIDE.height_px, : WIDE.width_px]
    middle = np.array([(seen * xs).sum(), (seen * ys).sum()]) / seen.sum() + 0.5
    np.testing.assert_allclose(middle, pixel, atol=0.25)


def test_ids_stay_whole_numbers_through_the_lens() -> None:
    canvas = np.zeros((WIDE.canvas.height_px, WIDE.canvas.width_px), np.int32)
    canvas[40:120, 60:200] = 4711
    assert set(np.unique(through_lens(canvas, WIDE, exact=True))) == {0, 4711}


def test_a_canvas_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="canvas is 320x180"):
        through_lens(np.zeros((180, 320, 3), np.uint8), WIDE)


@pytest.mark.parametrize(
    ("state", "brightness", "detail"),
    [
        (CameraState(defocus_px=6.0), (0.9, 1.1), (0.0, 0.1)),
        (CameraState(dim=0.97), (0.0, 0.05), (0.0, 0.05)),
        (CameraState(covered=1.1), (0.0, 0.6), (0.0, 0.1)),
    ],
    ids=["defocused", "dark", "covered"],
)
def test_what_ails_a_camera_shows(
    state: CameraState, brightness: tuple[float, float], detail: tuple[float, float]
) -> None:
    canvas = street(PINHOLE)
    picture = finish(canvas, scene(), Moment(0.0, camera=state), 0)
    assert brightness[0] <= picture.mean() / canvas.mean() <= brightness[1]
    assert detail[0] <= sharpness(picture) / sharpness(canvas) <= detail[1]


@pytest.mark.parametrize("lens", [Lens(noise=2.0), Lens(noise=0.0, drops=12), Lens(noise=0.0, caption="CAM 07")])
def test_equal_seeds_give_equal_pictures_and_the_canvas_is_left_alone(lens: Lens) -> None:
    canvas, moment = street(PINHOLE), Moment(0.0, rain=0.6)
    kept = canvas.copy()
    first, again = (finish(canvas, scene(lens=lens), moment, 3) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(canvas, kept)
    assert (finish(canvas, scene(lens=lens), moment, 4) != first).any(), "rain must move from frame to frame"


def test_the_clock_in_the_picture_goes_with_the_scene() -> None:
    lens: Any = Lens(noise=0.0, caption="CAM 07 JL SUDIRMAN")
    first, later = (finish(street(PINHOLE), scene(lens=lens), Moment(t), 0) for t in (0.0, 7.0))
    changed = np.argwhere((first != later).any(axis=2))
    assert len(changed)
    assert changed[:, 0].max() < 20
    assert changed[:, 1].max() < 200
