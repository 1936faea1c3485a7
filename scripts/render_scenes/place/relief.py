"""How high the ground is: a road that falls to its gutters, with shallow dips where water stands first."""

from __future__ import annotations

from functools import cache

import numpy as np

from scripts.render_scenes.place.plan import StreetPlan

CROSS_FALL = 0.01
LOWEST_M = -0.06
PAVEMENT_M = 0.18
DIPS, DIP_M = 14, 0.025


@cache
def _dips(plan: StreetPlan) -> tuple[np.ndarray, ...]:
    """Middles x and y, radii along x and y, and depths of the dips, all in metres."""
    rng = np.random.default_rng((plan.seed, 61))
    x = rng.uniform(plan.left_kerb_m, plan.right_kerb_m, DIPS)
    return x, rng.uniform(8.0, 75.0, DIPS), rng.uniform(0.8, 2.2, DIPS), rng.uniform(2.0, 7.0, DIPS), rng.uniform(
        0.3, 1.0, DIPS
    ) * DIP_M  # fmt: skip


def relief_m(plan: StreetPlan, x_m: np.ndarray | float, y_m: np.ndarray | float) -> np.ndarray:
    """Height of the drivable ground, from 0 at the crown down to LOWEST_M; any shapes that broadcast."""
    x, y = np.asarray(x_m, float), np.asarray(y_m, float)
    crown = plan.middle_m if plan.away else (plan.left_kerb_m + plan.right_kerb_m) / 2
    height = np.maximum(-CROSS_FALL * np.abs(x - crown), -0.04) + np.zeros_like(y)
    for mx, my, rx, ry, depth in zip(*_dips(plan), strict=True):
        height = height - depth * np.exp(-(((x - mx) / rx) ** 2) - ((y - my) / ry) ** 2)
    return np.maximum(height, LOWEST_M)


def on_road(plan: StreetPlan, x_m: np.ndarray | float, y_m: np.ndarray | float) -> np.ndarray:
    """Whether a ground point lies between the kerbs of the street or of the one that crosses it."""
    x, y = np.asarray(x_m, float), np.asarray(y_m, float)
    inside = (x > plan.left_kerb_m) & (x < plan.right_kerb_m) & np.isfinite(y)
    if plan.junction_y_m is not None:
        inside = inside | (np.abs(y - plan.junction_y_m) < plan.cross_half_m)
    return inside


def ground_m(plan: StreetPlan, x_m: np.ndarray | float, y_m: np.ndarray | float) -> np.ndarray:
    """Height of the ground anywhere: the relief between the kerbs, the pavement's height beyond them."""
    return np.where(on_road(plan, x_m, y_m), relief_m(plan, x_m, y_m), PAVEMENT_M)
