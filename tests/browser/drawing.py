"""A street drawn by us, as a box would send it: a still with heads and plates masked."""

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = (640, 360)
PAINTS = [(58, 62, 160), (180, 175, 168), (60, 60, 64), (210, 214, 218), (120, 84, 44), (96, 120, 70), (40, 130, 190)]


def street(seed: int = 1, *, cars: int = 16, water: bool = False) -> bytes:
    """JPEG of a road with so many cars, or under water."""
    random = np.random.default_rng(seed)
    width, height = SIZE
    picture = np.zeros((height, width, 3), np.uint8)
    for y in range(height):  # evening sky
        share = min(1.0, y / 130)
        picture[y] = (226 - 40 * share, 205 - 5 * share, 176 + 52 * share)
    _houses(picture, random)
    cv2.fillPoly(picture, [np.array([(0, 360), (0, 215), (640, 215), (640, 360)], np.int32)], (92, 120, 104))
    road = np.array([(262, 150), (378, 150), (700, 360), (-60, 360)], np.int32)
    cv2.fillPoly(picture, [road], (120, 104, 84) if water else (96, 94, 92))
    for k in range(9):
        y0, y1 = _depth(k / 9), _depth((k + 0.45) / 9)
        cv2.line(picture, (320, y0), (320, y1), (225, 228, 230), max(1, (y0 - 140) // 40))
    for depth in sorted(random.uniform(0.05, 0.97, cars)):
        _car(picture, depth, float(random.choice([-0.62, -0.22, 0.25, 0.64])), PAINTS[random.integers(len(PAINTS))])
    if water:
        _flood(picture, random)
    picture = cv2.GaussianBlur(picture, (3, 3), 0)
    noise = random.normal(0, 5, picture.shape)
    picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    cv2.putText(picture, "CAM 07", (12, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
    done, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 82])
    assert done
    return bytes(jpeg)


def _depth(share: float) -> int:
    """Row of the picture for 0 (far) to 1 (near)."""
    return int(152 + 208 * share**1.7)


def _houses(picture: NDArray[np.uint8], random: np.random.Generator) -> None:
    x = 0
    while x < 640:
        wide, tall = int(random.integers(34, 80)), int(random.integers(30, 110))
        if not 250 < x + wide / 2 < 390:
            colour = tuple(int(value) for value in random.integers(118, 190, 3))
            cv2.rectangle(picture, (x, 216 - tall), (x + wide, 216), colour, -1)
            for wx in range(x + 6, x + wide - 8, 13):
                for wy in range(224 - tall, 205, 17):
                    cv2.rectangle(picture, (wx, wy), (wx + 6, wy + 9), (92, 84, 74), -1)
        x += wide + 2


def _car(picture: NDArray[np.uint8], depth: float, lane: float, paint: tuple[int, int, int]) -> None:
    y = _depth(depth)
    half_road = 58 + (y - 150) * 1.52
    x, wide = int(320 + lane * half_road), int(half_road * 0.3)
    tall = int(wide * 0.78)
    left, right, top = x - wide // 2, x + wide // 2, y - tall
    cv2.ellipse(picture, (x, y), (wide // 2 + 2, max(2, wide // 9)), 0, 0, 360, (60, 58, 56), -1)
    cv2.rectangle(picture, (left, top + tall // 2), (right, y), paint, -1)
    roof = np.array(
        [
            (left + wide // 8, top + tall // 2),
            (left + wide // 4, top),
            (right - wide // 4, top),
            (right - wide // 8, top + tall // 2),
        ]
    )
    cv2.fillPoly(picture, [roof.astype(np.int32)], tuple(int(value * 0.45) for value in paint))
    if wide > 14:
        low = slice(max(0, y - int(tall * 0.45)), min(360, y)), slice(max(0, left), min(640, right))
        block = picture[low]
        if block.size:  # the mask: the lower 45 % as coarse blocks
            small = cv2.resize(block, (4, 2), interpolation=cv2.INTER_AREA)
            picture[low] = cv2.resize(small, (block.shape[1], block.shape[0]), interpolation=cv2.INTER_NEAREST)


def _flood(picture: NDArray[np.uint8], random: np.random.Generator) -> None:
    for _ in range(260):
        y = int(random.integers(232, 359))
        x, long = int(random.integers(0, 640)), int((y - 200) * 0.35)
        cv2.line(picture, (x, y), (x + long, y), (158, 150, 138), 1)
    lower = picture[262:]
    picture[262:] = cv2.addWeighted(lower, 0.4, np.full_like(lower, (118, 112, 98)), 0.6, 0)
