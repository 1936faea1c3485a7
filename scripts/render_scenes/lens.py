"""What glass, weather before it, sensor and recorder make of a drawn canvas: the picture a camera sends. No Blender.

The order is that of the light: rain in the air, the lens with its drops and its focus, a cover, the sensor with its
noise, the recorder with its burnt-in text. All randomness comes from the scene's seed and the frame's number.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

import cv2
import numpy as np

from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.moment import CameraState, Moment
from scripts.render_scenes.scenes.scene import Scene

DAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
FONT = cv2.FONT_HERSHEY_SIMPLEX
STREAKS_AT_FULL_RAIN = 700
MIST_AT_FULL_RAIN = 0.16


def finish(canvas: np.ndarray, scene: Scene, moment: Moment, number: int) -> np.ndarray:
    """The picture (H, W, 3) BGR uint8 of frame `number` from the canvas that was drawn for `moment`."""
    camera, lens = scene.camera, scene.lens
    picture = through_lens(canvas, camera).astype(np.float32)
    if moment.rain > 0:
        picture = _rain(picture, moment.rain, np.random.default_rng((scene.seed, 31, number)))
    if lens.softness_px > 0:
        picture = cv2.GaussianBlur(picture, (0, 0), lens.softness_px)
    if lens.drops:
        # Drops come with the rain; those that were there from the start are dirt and stay.
        picture = _drops(picture, lens.drops, scene.seed)
    picture = _ailing(picture, moment.camera, scene.seed)
    noise = np.random.default_rng((scene.seed, 32, number)).normal(0.0, 1.0, picture.shape[:2]).astype(np.float32)
    dark = 1.0 + 1.5 * (1.0 - picture.mean() / 255.0)  # gain goes up when light goes down
    picture += noise[..., None] * lens.noise * dark
    if lens.caption:
        _caption(picture, lens.caption, datetime.fromisoformat(lens.starts) + timedelta(seconds=moment.time_s))
    return np.clip(np.round(picture), 0, 255).astype(np.uint8)


@cache
def _lookup(camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """For each pixel of the picture its place on the canvas, as OpenCV counts (from pixel centres)."""
    xs, ys = np.meshgrid(np.arange(camera.width_px) + 0.5, np.arange(camera.height_px) + 0.5)
    straight = camera.undistort(np.column_stack([xs.ravel(), ys.ravel()])).reshape(camera.height_px, camera.width_px, 2)
    canvas = camera.canvas
    shift = np.array([(canvas.width_px - camera.width_px) / 2, (canvas.height_px - camera.height_px) / 2]) - 0.5
    placed = (straight + shift).astype(np.float32)
    return placed[..., 0].copy(), placed[..., 1].copy()


def through_lens(canvas: np.ndarray, camera: Camera, *, exact: bool = False) -> np.ndarray:
    """The canvas bent by the lens; `exact` takes the nearest pixel (for masks of ids), else cubic interpolation."""
    if canvas.shape[:2] != (camera.canvas.height_px, camera.canvas.width_px):
        raise ValueError(f"canvas is {canvas.shape[1]}x{canvas.shape[0]}, this camera's is "
                         f"{camera.canvas.width_px}x{camera.canvas.height_px}")  # fmt: skip
    if not camera.has_lens:
        return canvas
    x, y = _lookup(camera)
    return cv2.remap(canvas, x, y, cv2.INTER_NEAREST if exact else cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _rain(picture: np.ndarray, rain: float, rng: np.random.Generator) -> np.ndarray:
    """Streaks in three depths, brighter where the scene behind them is, and a veil that eats contrast."""
    height, width = picture.shape[:2]
    layer = np.zeros((height, width), np.float32)
    lean = rng.normal(0.06, 0.015)
    for share, length, weight in ((0.6, 9, 0.35), (0.3, 22, 0.55), (0.1, 48, 0.8)):
        for _ in range(round(STREAKS_AT_FULL_RAIN * rain * share)):
            x, y = rng.uniform(-10, width + 10), rng.uniform(-length, height)
            run = length * rng.uniform(0.6, 1.3)
            ends = [(round(v * 16), round(w * 16)) for v, w in ((x, y), (x + run * lean, y + run))]
            cv2.line(layer, ends[0], ends[1], weight * rng.uniform(0.3, 1.0), 1, cv2.LINE_AA, shift=4)
    layer = cv2.GaussianBlur(layer, (0, 0), 0.7)[..., None]
    glow = cv2.GaussianBlur(picture, (0, 0), 6.0)
    veil = glow.mean(axis=(0, 1)) * 0.5 + float(glow.mean()) * 0.6
    share = MIST_AT_FULL_RAIN * rain
    return picture * (1 - share) + veil * share + layer * (0.35 * glow + 18.0)


def _drops(picture: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Each drop shows the scene upside down and out of focus, with a darker rim."""
    rng = np.random.default_rng((seed, 33))
    height, width = picture.shape[:2]
    blurred = cv2.GaussianBlur(picture, (0, 0), 4.0)
    for _ in range(count):
        x, y, radius = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(4.0, 15.0)
        x0, x1 = max(0, int(x - radius) - 2), min(width, int(x + radius) + 3)
        y0, y1 = max(0, int(y - radius) - 2), min(height, int(y + radius) + 3)
        gx, gy = np.meshgrid(np.arange(x0, x1, dtype=np.float32), np.arange(y0, y1, dtype=np.float32))
        away = np.hypot(gx - x, (gy - y) * rng.uniform(0.8, 1.0)) / radius
        inside = np.clip((1.0 - away) * radius / 2.0, 0.0, 1.0)[..., None]
        bent = cv2.remap(blurred, x - (gx - x) * 3.0, y - (gy - y) * 3.0, cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_REFLECT)  # fmt: skip
        rim = (1.0 - 0.35 * np.clip((away - 0.6) / 0.4, 0.0, 1.0))[..., None]
        picture[y0:y1, x0:x1] += (bent * rim - picture[y0:y1, x0:x1]) * inside * 0.85
    return picture


def _ailing(picture: np.ndarray, state: CameraState, seed: int) -> np.ndarray:
    """Out of focus, covered by something close, starved of light."""
    height, width = picture.shape[:2]
    if state.defocus_px > 0:
        radius = state.defocus_px
        grid = np.arange(-int(radius) - 1, int(radius) + 2)
        disc = np.clip(radius + 0.5 - np.hypot(*np.meshgrid(grid, grid)), 0.0, 1.0).astype(np.float32)
        picture = cv2.filter2D(picture, -1, disc / disc.sum(), borderType=cv2.BORDER_REPLICATE)
    if state.covered > 0:
        # A cloth or a leaf before the glass: it comes from one side with a soft, uneven edge and is lit a little.
        rng = np.random.default_rng((seed, 34))
        wave = 12.0 * np.sin(np.arange(height) / rng.uniform(25.0, 45.0) + rng.uniform(0, 6.3))
        edge = (state.covered * (width + 80) - 40 + wave)[:, None]
        hidden = np.clip((edge - np.arange(width)[None]) / 30.0 + 0.5, 0.0, 1.0).astype(np.float32)[..., None]
        cloth = np.array([34.0, 36.0, 42.0], np.float32) * (0.4 + 0.6 * picture.mean() / 110.0)
        picture += (cloth - picture) * hidden
    return picture * (1.0 - state.dim)


def _caption(picture: np.ndarray, text: str, time: datetime) -> None:
    """White letters with a black edge, as recorders burn them in: the time at the top, the camera's name below."""
    height = picture.shape[0]
    scale = height / 360 * 0.42
    stamp = f"{time:%d-%m-%Y} {DAYS[time.weekday()]} {time:%H:%M:%S}"
    for line, y in ((stamp, round(16 * height / 360)), (text, height - round(9 * height / 360))):
        cv2.putText(picture, line, (8, y), FONT, scale, (0, 0, 0), 3, cv2.LINE_AA)
        cv2.putText(picture, line, (8, y), FONT, scale, (245, 245, 245), 1, cv2.LINE_AA)
