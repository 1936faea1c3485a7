"""What nights, rain and cheap cameras do to a picture, cheaply: on uint8 [height, width, 3], BGR. No torch."""

from collections.abc import Callable

import cv2
import numpy as np

from models.detector import Image
from models.training.street.recipe import Augmentation

Change = Callable[[Image, np.random.Generator], Image]


def weathered(image: Image, how: Augmentation, rng: np.random.Generator) -> Image:
    """The picture through a drawn few of the changes, in the order in which light, lens, sensor and coder work."""
    changes: tuple[tuple[Change, float], ...] = (
        (colours, 0.9),
        (night, how.night),
        (rain, how.rain),
        (blur, how.blur),
        (resample, how.resample),
        (noise, how.noise),
        (grey, how.grey),
        (jpeg, how.jpeg),
    )
    for change, chance in changes:
        # Both draws always happen, so that one chance does not shift the randomness of all others.
        own = np.random.default_rng(rng.integers(2**63))
        if rng.random() < chance:
            image = change(image, own)
    return image


def colours(image: Image, rng: np.random.Generator) -> Image:
    """Another hue, saturation, brightness, contrast and white balance."""
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
    levels = np.arange(256)
    hue = ((levels + rng.uniform(-6, 6)) % 180).astype(np.uint8)
    saturation = np.clip(levels * rng.uniform(0.5, 1.4), 0, 255).astype(np.uint8)
    hsv = cv2.merge([cv2.LUT(hsv[..., 0], hue), cv2.LUT(hsv[..., 1], saturation), hsv[..., 2]])
    bgr = np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR), np.uint8)
    gain = rng.uniform(0.75, 1.25) * rng.uniform(0.92, 1.08, 3)
    gamma = float(np.exp(rng.uniform(-0.3, 0.3)))
    table = 255 * (levels[:, None] / 255.0) ** gamma * gain + rng.uniform(-15, 15)
    return _looked_up(bgr, table)


def night(image: Image, rng: np.random.Generator) -> Image:
    """Dark, yellow or blue, with glowing lights and the noise of a sensor at its limit."""
    tint = np.array([[0.7, 0.9, 1.1], [1.15, 1.0, 0.85]])[rng.integers(2)]
    gain, gamma = rng.uniform(0.35, 0.8), rng.uniform(1.1, 1.8)
    table = 255 * gain * tint * (np.arange(256)[:, None] / 255.0) ** gamma
    dark = _looked_up(image, table)
    lights = cv2.GaussianBlur(cv2.threshold(image, 225, 255, cv2.THRESH_TOZERO)[1], (0, 0), rng.uniform(1.5, 5))
    return _noisy(np.asarray(cv2.addWeighted(dark, 1.0, lights, rng.uniform(0.3, 0.9), 0), np.uint8), rng, 4, 16)


def rain(image: Image, rng: np.random.Generator) -> Image:
    """Streaks of one slant, less contrast, a veil of grey."""
    height, width = image.shape[:2]
    streaks = np.zeros((height, width), np.uint8)
    length, slant = rng.uniform(0.02, 0.08) * height, rng.uniform(-0.35, 0.35)
    starts = rng.uniform(0, 1, (int(rng.integers(60, 400)), 2)) * [width, height]
    ends = starts + np.array([slant, 1.0]) * length
    lines = np.stack([starts, ends], axis=1).round().astype(np.int32)
    cv2.polylines(streaks, list(lines), False, int(rng.integers(60, 160)), 1, cv2.LINE_AA)
    veil = rng.uniform(0.0, 0.35)
    hazy = cv2.addWeighted(image, 1 - veil, np.full_like(image, int(rng.integers(90, 180))), veil, 0)
    return np.asarray(cv2.add(hazy, cv2.merge([cv2.GaussianBlur(streaks, (3, 3), 0)] * 3)), np.uint8)


def blur(image: Image, rng: np.random.Generator) -> Image:
    """Out of focus, or moved in one direction."""
    if rng.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 1.8)), np.uint8)
    length = int(rng.integers(3, 8))
    kernel = np.zeros((length, length), np.float32)
    middle, angle = (length - 1) / 2, rng.uniform(0, np.pi)
    reach = middle * np.array([np.cos(angle), np.sin(angle)])
    first, last = np.rint(middle - reach).astype(int).tolist(), np.rint(middle + reach).astype(int).tolist()
    cv2.line(kernel, first, last, 1.0, 1)
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)


def resample(image: Image, rng: np.random.Generator) -> Image:
    """Fewer pixels and back again, as from a camera's second stream enlarged by zoom."""
    height, width = image.shape[:2]
    share = rng.uniform(0.4, 0.85)
    small = cv2.resize(image, (max(8, int(width * share)), max(8, int(height * share))), interpolation=cv2.INTER_AREA)
    back = (cv2.INTER_LINEAR, cv2.INTER_CUBIC)[rng.integers(2)]
    return np.asarray(cv2.resize(small, (width, height), interpolation=back), np.uint8)


def noise(image: Image, rng: np.random.Generator) -> Image:
    """Of a sensor."""
    return _noisy(image, rng, 2, 10)


def grey(image: Image, rng: np.random.Generator) -> Image:
    """As a camera sees by infra-red light: colours weigh as they happen to."""
    weights = rng.dirichlet((4.0, 4.0, 4.0)).astype(np.float32)
    return np.asarray(cv2.merge([cv2.transform(image, weights[None])] * 3), np.uint8)


def jpeg(image: Image, rng: np.random.Generator) -> Image:
    """Blocks and rings of a coder that has few bits."""
    done, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(18, 75))])
    if not done:
        raise RuntimeError("OpenCV could not code a picture as JPEG: reinstall opencv-python-headless")
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _noisy(image: Image, rng: np.random.Generator, least: float, most: float) -> Image:
    # One small field of noise, laid out at random: drawing a normal number for each pixel costs more than all the rest.
    height, width = image.shape[:2]
    field = rng.standard_normal((96, 128, 3), np.float32) * rng.uniform(least, most)
    tiled = np.tile(field, (-(-height // 96), -(-width // 128), 1))[:height, :width]
    return np.clip(image + tiled, 0, 255).astype(np.uint8)


def _looked_up(image: Image, table: np.ndarray) -> Image:
    """Each channel through its own column of a table [256, 3]."""
    columns = np.clip(table, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(image, np.ascontiguousarray(columns).reshape(256, 1, 3)), np.uint8)
