"""A drawn view with traffic, and what can befall the camera that sees it."""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np

from edge.picture import Image, Picture
from tests.edge.street import HEIGHT, WIDTH, draw

Ail = Callable[[Image], Image]
"""What a fault makes of a picture."""


@cache
def scene(seed: int = 3) -> Image:
    """Houses, kerbs and windows: straight edges of all sizes, as a street has them."""
    rng = np.random.default_rng(seed)
    image = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    for _ in range(160):
        x, y = rng.integers(0, WIDTH), rng.integers(0, HEIGHT)
        w, h = rng.integers(12, 120), rng.integers(12, 70)
        colour = rng.integers(20, 235, 3)
        cv2.rectangle(image, (int(x), int(y)), (int(x + w), int(y + h)), colour.tolist(), -1)
    return cv2.addWeighted(image, 0.8, draw([]), 0.2, 0)


def street(time: float, *, view: Image | None = None, noise: float = 1.5) -> Image:
    """The scene at a moment: two cars drive along its lower third, the sensor is noisy."""
    image = (scene() if view is None else view).copy()
    for number in range(2):
        x = int((time * 90 + number * 300) % (WIDTH + 100)) - 100
        cv2.rectangle(image, (x, 270 + 30 * number), (x + 90, 320 + 30 * number), (30, 30, 200), -1)
        cv2.rectangle(image, (x + 20, 280 + 30 * number), (x + 60, 295 + 30 * number), (200, 220, 230), -1)
    return noisy(image, noise, round(1000 * time))


def noisy(image: Image, sigma: float, seed: int) -> Image:
    """With the noise of a sensor, grey levels."""
    grain = np.random.default_rng(seed).standard_normal(image.shape, np.float32)
    return np.clip(image + sigma * grain, 0, 255).astype(np.uint8)


def sound(image: Image) -> Image:
    return image


def blurred(sigma_px: float) -> Ail:
    return lambda image: np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px * image.shape[1] / 640), np.uint8)


def dimmed(share_left: float) -> Ail:
    return lambda image: np.asarray(image * share_left, np.uint8)


def brightened(factor: float) -> Ail:
    return lambda image: np.clip(image * factor + 10, 0, 255).astype(np.uint8)


def covered(share: float, grey: int) -> Ail:
    def cover(image: Image) -> Image:
        image = image.copy()
        image[:, : round(share * image.shape[1])] = grey
        return image

    return cover


def rolled(clockwise_deg: float) -> Ail:
    def roll(image: Image) -> Image:
        height, width = image.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), -clockwise_deg, 1.0)
        return np.asarray(cv2.warpAffine(image, turn, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)

    return roll


def panned(right_deg: float, focal_share: float = 0.95) -> Ail:
    """The camera turned to the right about its vertical axis: what it sees wanders to the left."""

    def pan(image: Image) -> Image:
        height, width = image.shape[:2]
        lens = np.array([[focal_share * width, 0, width / 2], [0, focal_share * width, height / 2], [0, 0, 1]])
        angle = np.radians(right_deg)
        turn = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])
        warp = lens @ turn @ np.linalg.inv(lens)
        return np.asarray(cv2.warpPerspective(image, warp, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8)

    return pan


def picture(time: float, image: Image) -> Picture:
    return Picture("north", time, image)
