"""How long is a car here? The view's geometry, learnt from the vehicles that drive through it.

A camera nobody calibrated still shows hundreds of objects of known size. Their boxes' widths give the scale of every
row and with it the horizon; how tall the boxes are for their width gives how steeply the camera looks down, without
which no speed along the line of sight can be told: from a low camera ten metres of road are a few pixels. The most
probable pinhole camera for the boxes seen so far is kept (maximum a posteriori), so few boxes or bad ones leave it near
what traffic cameras usually are.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.perception.view import BODIES, View, body_rows, outlines

TYPICAL_FOCAL = 0.7
"""Focal length over picture width of ordinary traffic cameras: 4 mm before a 1/2.8" sensor, a phone's main camera."""
TYPICAL_HEIGHT_M = 7.0
FOCAL_SPREAD = HEIGHT_SPREAD = 0.6
"""Standard deviations of the logarithms."""
TYPICAL_PITCH = np.radians(14.0)
PITCH_SPREAD = np.radians(10.0)
"""How far down the middle of the picture looks."""
BOX_SPREAD = 0.12
"""Typical deviation of a box's side from what its class predicts, as a logarithm: bodies differ, boxes wobble."""
INDEPENDENT = 40.0
"""So many boxes are worth no more together: their errors (a detector's habits, a town's cars) are alike."""
OUTLIER = 0.5
MEMORY = 160
"""Boxes remembered, newest first: enough for an hour of one lane, forgotten after a camera was turned."""
WEIGHTS = {"car": 1.0, "motorcycle": 0.4, "bus": 0.2, "truck": 0.2, "bicycle": 0.2}
"""How far a class can be trusted: cars are alike, trucks are not."""
FOCALS = np.geomspace(0.35, 6.0, 22)
HORIZONS = np.linspace(-1.2, 0.6, 28)


@dataclass(frozen=True, slots=True)
class Sample:
    """One vehicle, seen whole and driving.

    Attributes:
        foot: middle of the box's lower edge, pixels.
        size: width and height of the box, pixels.
        direction: of travel on the picture (any length).
        kind: a class of `BODIES`.
        score: the detector's, 0–1.
    """

    foot: tuple[float, float]
    size: tuple[float, float]
    direction: tuple[float, float]
    kind: str
    score: float


class Ruler:
    """Learns one camera's view; asked for it, gives the most probable one so far."""

    def __init__(self, width: int, height: int) -> None:
        """For pictures of this size, pixels."""
        self._width, self._height = width, height
        self._samples: deque[Sample] = deque(maxlen=MEMORY)
        self._learnt = 0
        self._refit_at = 5
        self._view = View(TYPICAL_FOCAL * width, 0.3 * height, TYPICAL_HEIGHT_M, width, height)

    def learn(self, samples: list[Sample]) -> None:
        """Remembers vehicles."""
        self._samples.extend(samples)
        self._learnt += len(samples)

    @property
    def view(self) -> View:
        """The most probable geometry; fitted again once there is a fifth more to go by."""
        if self._learnt >= self._refit_at:
            self._view = fit(list(self._samples), self._width, self._height)
            self._refit_at = self._learnt + max(3, len(self._samples) // 5)
        return self._view

    def direction(self, foot: tuple[float, float]) -> tuple[float, float]:
        """Which way vehicles drive here, on the picture, as the nearest ones known did; down where none is known."""
        if not self._samples:
            return 0.0, 1.0
        feet = np.array([sample.foot for sample in self._samples])
        nearest = np.argsort(np.hypot(*(feet - foot).T), kind="stable")[:5]
        ways = np.array([self._samples[index].direction for index in nearest])
        ways /= np.maximum(np.hypot(*ways.T), 1e-9)[:, None]
        ways[ways @ ways[0] < 0] *= -1
        across, down = ways.mean(axis=0)
        return float(across), float(down)


def fit(samples: list[Sample], width: int, height: int) -> View:
    """The most probable camera for these vehicles.

    Minimises over focal length and horizon the mean absolute deviation of log box sides (Laplace errors), the camera's
    height following as their weighted median, plus the priors on focal length and height.

    Raises:
        ValueError: no sample.
    """
    if not samples:
        raise ValueError("a view cannot be fitted to no vehicle at all")
    focals, horizons = np.meshgrid(FOCALS * width, HORIZONS * height, indexing="ij")
    costs, heights = _costs(samples, focals.ravel(), horizons.ravel(), width, height)
    best = int(np.argmin(costs))
    focal, horizon = float(focals.flat[best]), float(horizons.flat[best])
    near_focals = focal * np.geomspace(0.87, 1.15, 7)
    near_horizons = horizon + np.linspace(-0.06, 0.06, 7) * height
    focals, horizons = np.meshgrid(near_focals, near_horizons, indexing="ij")
    costs, heights = _costs(samples, focals.ravel(), horizons.ravel(), width, height)
    best = int(np.argmin(costs))
    return View(float(focals.flat[best]), float(horizons.flat[best]), float(heights[best]), width, height)


def _costs(
    samples: list[Sample], focals: NDArray[np.float64], horizons: NDArray[np.float64], width: int, height: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Negative log posterior of each candidate [c] and its camera height in metres [c]."""
    feet = np.array([sample.foot for sample in samples], float)
    sizes = np.log(np.array([sample.size for sample in samples], float))
    ways = np.array([sample.direction for sample in samples], float)
    weights = np.array([WEIGHTS[sample.kind] * sample.score for sample in samples])
    both = np.concatenate([weights, weights])
    bodies = body_rows([sample.kind for sample in samples])
    log_height = np.full(len(focals), np.log(TYPICAL_HEIGHT_M))
    for _ in range(2):  # sizes are all but inverse to the camera's height: the second round is exact enough
        seen = outlines(
            feet, ways, bodies, focal=focals[:, None], horizon=horizons[:, None],
            camera_m=np.exp(log_height)[:, None], width=width, height=height,
        )  # fmt: skip
        ratios = np.concatenate([np.log(seen.width) - sizes[:, 0], np.log(seen.height) - sizes[:, 1]], axis=1)
        shift = _weighted_medians(ratios, both)
        log_height = log_height + shift
    deviations = ratios - shift[:, None]
    beyond = feet[None, :, 1] <= horizons[:, None] + 0.01 * height
    errors = np.minimum(np.abs(deviations), OUTLIER)
    errors = np.where(np.concatenate([beyond, beyond], axis=1), 2 * OUTLIER, errors)
    worth = min(float(weights.sum()) * 2, INDEPENDENT)
    mean_error = (errors * both).sum(axis=1) / both.sum()
    prior = (np.log(focals / (TYPICAL_FOCAL * width)) / FOCAL_SPREAD) ** 2 / 2
    pitches = np.arctan((height / 2 - horizons) / focals)
    prior += ((pitches - TYPICAL_PITCH) / PITCH_SPREAD) ** 2 / 2
    prior += ((log_height - np.log(TYPICAL_HEIGHT_M)) / HEIGHT_SPREAD) ** 2 / 2
    return worth * mean_error / BOX_SPREAD + prior, np.exp(log_height)


def _weighted_medians(rows: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weighted median of every row: [rows]."""
    order = np.argsort(rows, axis=1, kind="stable")
    share = np.cumsum(weights[order], axis=1) / weights.sum()
    middle = np.argmax(share >= 0.5, axis=1)
    lines = np.arange(len(rows))
    return np.asarray(rows[lines, order[lines, middle]], float)


def usable(kind: str) -> bool:
    """Whether a class has a known size."""
    return kind in BODIES
