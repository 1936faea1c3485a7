"""How things moved from one picture to the next: corners followed by optical flow.

Small detectors flicker and their boxes wobble by pixels; corners inside a box do not. Each box moves by the median of
its corners that can be followed forth and back to where they came from (Kalal, Mikolajczyk and Matas 2010,
"Forward-backward error"); corners by Shi and Tomasi 1994, flow by Lucas and Kanade in pyramids (Bouguet 2001).
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.picture import Image

FLOW_WIDTH_PX = 960
"""Wider pictures are followed at this width: corners stay sharp enough, and a picture costs a few milliseconds."""
WINDOW_PX = 15
LEVELS = 2
FORTH_AND_BACK_PX = 0.7
CORNERS_PER_BOX = 14
MIN_FOLLOWED = 3
AGREE_SHARE = 0.5
AGREE_PX = 1.0
AGREE_RELATIVE = 0.15
"""So many corners of a box, and this share of those followed, must agree to so much: a vehicle moves as one, a wrong
match does not."""
BACKGROUND_CORNERS = 160
SHAKE_INLIER_PX = 0.8
CUT_LEVELS = 28.0
"""Mean change of a thumbnail, of 255 grey levels, above which a picture shows another scene."""
THUMBNAIL = (48, 27)

Points = NDArray[np.float32]
Transform = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """A picture prepared for following corners.

    Attributes:
        grey: uint8, at most FLOW_WIDTH_PX wide.
        scale: pixels of `grey` per pixel of the picture.
        thumbnail: a few grey pixels, to notice a cut.
    """

    grey: NDArray[np.uint8]
    scale: float
    thumbnail: NDArray[np.float32]

    @classmethod
    def of(cls, image: Image) -> "Plate":
        """Prepares a picture (BGR)."""
        height, width = image.shape[:2]
        scale = min(1.0, FLOW_WIDTH_PX / width)
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        if scale < 1:
            grey = cv2.resize(grey, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
        thumbnail = cv2.resize(grey, THUMBNAIL, interpolation=cv2.INTER_AREA).astype(np.float32)
        return cls(np.asarray(grey, np.uint8), scale, thumbnail)

    def is_cut_from(self, before: "Plate") -> bool:
        """Whether another scene, or the same one in another light, begins here."""
        return float(np.abs(self.thumbnail - before.thumbnail).mean()) > CUT_LEVELS


def follow(before: Plate, after: Plate, points: Points, guess: Points) -> tuple[Points, NDArray[np.bool_]]:
    """Where points (pixels of `grey`, [n, 2]) went, and which of them could be followed forth and back.

    `guess` [n, 2] is where each is expected: what drives fast is found only near there.
    """
    if not len(points):
        return points, np.zeros(0, bool)
    start = points.reshape(-1, 1, 2).astype(np.float32)
    expected = guess.reshape(-1, 1, 2).astype(np.float32)
    forth, found, _ = cv2.calcOpticalFlowPyrLK(
        before.grey, after.grey, start, expected.copy(), winSize=(WINDOW_PX, WINDOW_PX), maxLevel=LEVELS,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )  # fmt: skip
    back, returned, _ = cv2.calcOpticalFlowPyrLK(
        after.grey, before.grey, forth, forth - (expected - start), winSize=(WINDOW_PX, WINDOW_PX), maxLevel=LEVELS,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )  # fmt: skip
    error = np.abs(back - start).reshape(-1, 2).max(axis=1)
    good = (found.ravel() == 1) & (returned.ravel() == 1) & (error < FORTH_AND_BACK_PX)
    return _points(forth), np.asarray(good, bool)


def displacements(
    before: Plate, after: Plate, boxes: NDArray[np.float64], expected: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """How far each box's content moved, in picture pixels: [n, 2], NaN where it cannot be told.

    Args:
        before: the picture that the boxes are of.
        after: the next picture.
        boxes: [n, 4] in picture pixels.
        expected: [n, 2], how far each is likely to have moved; not at all when left out.
    """
    moved = np.full((len(boxes), 2), np.nan)
    corners = [_corners_in(before, box * before.scale) for box in boxes]
    owners = np.repeat(np.arange(len(boxes)), [len(found) for found in corners])
    if not len(owners):
        return moved
    start = np.concatenate(corners)
    likely = np.zeros((len(boxes), 2)) if expected is None else expected * before.scale
    end, good = follow(before, after, start, (start + likely[owners]).astype(np.float32))
    way = (end - start) / before.scale
    for owner in np.unique(owners[good]):
        ways = way[good & (owners == owner)]
        middle = np.median(ways, axis=0)
        off = np.hypot(*(ways - middle).T)
        agree = off <= AGREE_PX / before.scale + AGREE_RELATIVE * np.hypot(*middle)
        if agree.sum() >= MIN_FOLLOWED and agree.mean() >= AGREE_SHARE:
            moved[owner] = middle
    return moved


def _corners_in(plate: Plate, box: NDArray[np.float64]) -> Points:
    """Corners in the inner part of a box (pixels of `grey`), where there is least road."""
    x1, y1, x2, y2 = box
    width, height = x2 - x1, y2 - y1
    rows, columns = plate.grey.shape
    left, right = max(0, round(x1 + 0.12 * width)), min(columns, round(x2 - 0.12 * width))
    top, bottom = max(0, round(y1 + 0.12 * height)), min(rows, round(y2 - 0.08 * height))
    if right - left < 5 or bottom - top < 5:
        return np.zeros((0, 2), np.float32)
    spacing = max(2.0, min(width, height) / 8)
    found = cv2.goodFeaturesToTrack(plate.grey[top:bottom, left:right], CORNERS_PER_BOX, 0.02, spacing)
    return _points(found) + np.array([left, top], np.float32)


def _points(found: Any) -> Points:
    """OpenCV's answer as [n, 2]; it says None for no point."""
    return np.zeros((0, 2), np.float32) if found is None else np.asarray(found.reshape(-1, 2), np.float32)


class Shake:
    """The camera's own movement since the first picture of a stare: wind, traffic under a bridge, a hand.

    It is read from corners of the background; what moves otherwise is outvoted (RANSAC).
    """

    def __init__(self, first: Plate, background: NDArray[np.uint8]) -> None:
        """Starts at a picture; `background` is 255 where nothing is expected to move, of the size of `grey`."""
        found = cv2.goodFeaturesToTrack(first.grey, BACKGROUND_CORNERS, 0.01, 12, mask=background)
        self._home = _points(found)
        self._now = self._home
        self._plate = first
        self.transform: Transform = np.eye(2, 3)

    def add(self, plate: Plate) -> Transform:
        """The next picture: a transform [2, 3] of `grey` pixels, from the first picture to this one."""
        now, good = follow(self._plate, plate, self._now, self._now)
        self._home, self._now, self._plate = self._home[good], now[good], plate
        if len(self._now) >= 8:
            transform, _ = cv2.estimateAffinePartial2D(
                self._home, self._now, method=cv2.RANSAC, ransacReprojThreshold=SHAKE_INLIER_PX
            )
            if transform is not None:
                self.transform = np.asarray(transform, float)
        return self.transform


def steady(transform: Transform, scale: float, x: float, y: float) -> NDArray[np.float64]:
    """Where a picture pixel would be had the camera not moved: [2].

    Args:
        transform: of `Shake`, from the first picture to the one of the pixel.
        scale: of its plates.
        x: pixel of the picture.
        y: pixel of the picture.
    """
    linear, offset = transform[:, :2], transform[:, 2]
    return np.asarray(np.linalg.solve(linear, np.array([x, y]) * scale - offset) / scale, float)
