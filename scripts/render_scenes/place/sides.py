"""What lines a street: shop houses, houses behind walls, offices, a long wall, a park; and what shows behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from scripts.render_scenes.geometry.mesh import Mesh, box, merge, quad
from scripts.render_scenes.place.carriageway import CROSS_PAVEMENT_M, CROSS_REACH_M, spans
from scripts.render_scenes.place.palette import PLASTERS, SIGNS
from scripts.render_scenes.place.plan import Side, StreetPlan

LAST_DETAIL_M = 150.0  # beyond this nobody sees an air conditioner


@dataclass(slots=True)
class _Row:
    """Collects solids of one side: `u` counts outward from the building line, whichever side that is."""

    line_m: float
    outward: float  # +1 at the picture's right, -1 at its left
    rng: np.random.Generator
    parts: list[Mesh] = field(default_factory=list)

    def x(self, u0: float, u1: float) -> tuple[float, float]:
        a, b = self.line_m + self.outward * u0, self.line_m + self.outward * u1
        return (a, b) if a < b else (b, a)

    def box(self, u: tuple[float, float], y: tuple[float, float], z: tuple[float, float], material: str) -> None:
        self.parts.append(box(self.x(*u), y, z, material))

    def slope(self, u: tuple[float, float], y: tuple[float, float], z: tuple[float, float], material: str) -> None:
        """A sheet from height z[0] at u[0] to z[1] at u[1]."""
        a, b = (self.line_m + self.outward * v for v in u)
        self.parts.append(quad((a, y[0], z[0]), (a, y[1], z[0]), (b, y[1], z[1]), (b, y[0], z[1]), material))

    def wall(self) -> str:
        return f"plaster_{self.rng.integers(len(PLASTERS))}"

    def sign(self) -> str:
        return f"sign_{self.rng.integers(len(SIGNS))}"


def build(plan: StreetPlan) -> Mesh:
    """Everything beyond the pavements."""
    parts = []
    for side, outward, line in (
        (plan.sides[0], 1.0, plan.right_kerb_m + plan.pavement_m[0]),
        (plan.sides[1], -1.0, plan.left_kerb_m - plan.pavement_m[1]),
    ):
        row = _Row(line, outward, np.random.default_rng((plan.seed, 63, outward > 0)))
        for start, end in spans(plan, CROSS_PAVEMENT_M, near_m=-8.0):
            _LINED[side](row, start, end)
            _behind(row, start, end, side)
        parts += row.parts
    parts.append(_far_end(plan))
    if plan.junction_y_m is not None:
        parts.append(_crossing_street(plan))
    return merge(parts)


def _shops(row: _Row, start: float, end: float) -> None:
    """Ruko: narrow shop houses wall to wall, with roller shutters, signs, awnings, windows above."""
    rng, y = row.rng, start
    while y < end - 3.0:
        width = min(rng.uniform(4.5, 7.5), end - y)
        height = float(rng.choice([3.8, 6.8, 7.4, 10.2]))
        wall, inner = row.wall(), (y + 0.3, y + width - 0.3)
        row.box((0, 12), (y, y + width - 0.03), (-0.1, height), wall)
        row.box((-0.10, 0.05), (y - 0.05, y + width), (height - 0.25, height + 0.12), "frame")
        front = str(rng.choice(["shutter", "shopfront", "shutter", "shopfront", "shutter"]))
        row.box((-0.06, 0), (inner[0] + 0.2, inner[1] - 0.2), (0.2, 2.7), front)
        if front == "shopfront":
            row.box((-0.08, 0), (inner[0] + 0.2, inner[1] - 0.2), (0.2, 0.65), wall)
        row.box((-0.16, 0), inner, (2.95, 3.65), row.sign())
        letters = inner[0] + rng.uniform(0.3, 0.8)
        while letters < inner[1] - 0.7 and y < LAST_DETAIL_M:
            run = rng.uniform(0.15, 0.5)
            row.box((-0.18, -0.15), (letters, letters + run), (3.15, 3.45), "letters")
            letters += run + rng.uniform(0.08, 0.2)
        if rng.random() < 0.5:
            row.slope((0.0, -1.3), inner, (2.95, 2.6), row.sign())
        for floor in np.arange(4.4, height - 1.2, 3.3):
            for k in range(2):
                y0 = y + 0.6 + k * (width - 1.2) / 2
                y1 = y0 + (width - 2.0) / 2
                row.box((-0.03, 0), (y0 - 0.08, y1 + 0.08), (floor - 0.08, floor + 1.48), "frame")
                row.box((-0.05, 0), (y0, y1), (floor, floor + 1.4), "window")
            if rng.random() < 0.5 and y < LAST_DETAIL_M:
                row.box((-0.45, 0), (y + width / 2 - 0.4, y + width / 2 + 0.4), (floor - 0.7, floor - 0.1), "unit")
        if rng.random() < 0.25 and y < LAST_DETAIL_M:
            row.box((-0.9, 0), (y + width - 0.2, y + width - 0.1), (3.8, 4.9), row.sign())
        y += width + (rng.uniform(1.5, 4.0) if rng.random() < 0.12 else 0.0)


def _houses(row: _Row, start: float, end: float) -> None:
    """Houses of one or two floors with tiled roofs, set back behind walls with gates."""
    rng, y = row.rng, start
    while y < end - 6.0:
        width = min(rng.uniform(8.0, 13.0), end - y)
        wall, floors = row.wall(), int(rng.integers(1, 3))
        top, back = 3.2 * floors, rng.uniform(3.0, 5.0)
        gate = y + rng.uniform(0.8, width - 4.2)
        row.box((0, 0.15), (y, gate), (-0.1, 1.6), wall)
        row.box((0, 0.15), (gate + 3.2, y + width), (-0.1, 1.6), wall)
        row.box((0.04, 0.10), (gate, gate + 3.2), (0.1, 1.7), "gate")
        row.box((back, back + 9), (y + 0.6, y + width - 0.6), (-0.1, top), wall)
        row.slope((back - 0.6, back + 4.5), (y + 0.2, y + width - 0.2), (top - 0.1, top + 1.9), "roof_tile")
        row.slope((back + 4.5, back + 9.6), (y + 0.2, y + width - 0.2), (top + 1.9, top - 0.1), "roof_tile")
        for floor in range(floors):
            for k in range(2):
                y0 = y + 1.2 + k * (width - 2.4) / 2
                row.box((back - 0.05, back), (y0, y0 + 1.6), (0.9 + 3.2 * floor, 2.2 + 3.2 * floor), "window")
        y += width


def _offices(row: _Row, start: float, end: float) -> None:
    """Tall buildings with bands of windows behind a forecourt."""
    rng, y = row.rng, start
    while y < end - 10.0:
        width, back, height = min(rng.uniform(18, 32), end - y), rng.uniform(4, 8), rng.uniform(12, 32)
        wall = row.wall()
        row.box((0, back), (y, y + width), (-0.1, 0.18), "paving")
        row.box((back, back + 18), (y + 1, y + width - 1), (-0.1, height), wall)
        for floor in np.arange(3.6, height - 1.5, 3.4):
            row.box((back - 0.06, back), (y + 1.6, y + width - 1.6), (floor, floor + 1.7), "window")
        row.box((back - 0.08, back), (y + width * 0.35, y + width * 0.65), (0.2, 3.0), "shopfront")
        row.box((back - 2.2, back), (y + width * 0.3, y + width * 0.7), (3.1, 3.35), "frame")
        row.box((back - 0.12, back), (y + width * 0.3, y + width * 0.55), (height - 2.2, height - 1.0), row.sign())
        row.box((0.1, 0.6), (y, y + width * 0.3), (0.1, 0.9), "leaf")
        row.box((0.1, 0.6), (y + width * 0.7, y + width), (0.1, 0.9), "leaf")
        y += width


def _wall(row: _Row, start: float, end: float) -> None:
    row.box((0, 0.25), (start, end), (-0.1, 2.3), "wall")
    row.box((-0.05, 0.30), (start, end), (2.3, 2.42), "kerb_white")


def _park(row: _Row, start: float, end: float) -> None:
    row.box((0, 40), (start, end), (-0.1, 0.17), "grass")
    row.box((0.2, 0.9), (start, end), (0.1, 0.95), "leaf")


_LINED: dict[Side, Callable[[_Row, float, float], None]] = {
    "shops": _shops, "houses": _houses, "offices": _offices, "wall": _wall, "park": _park,
}  # fmt: skip


def _behind(row: _Row, start: float, end: float, side: Side) -> None:
    """Taller or farther buildings, so that no bare horizon shows."""
    first = {"shops": 13.0, "houses": 16.0, "offices": 34.0, "wall": 8.0, "park": 40.0}[side]
    y = start
    while y < end - 6.0:
        width = min(row.rng.uniform(10, 20), end - y)
        u = first + row.rng.uniform(0, 6)
        row.box((u, u + 14), (y, y + width - 0.5), (-0.2, row.rng.uniform(5, 17)), row.wall())
        y += width + row.rng.uniform(0, 4)


def _far_end(plan: StreetPlan) -> Mesh:
    rng = np.random.default_rng((plan.seed, 64))
    return merge([
        box((x, x + 13), (plan.far_m + 8, plan.far_m + 22), (-0.2, rng.uniform(12, 34)),
            f"plaster_{rng.integers(len(PLASTERS))}")
        for x in np.arange(-112, 112, 14.0)
    ])  # fmt: skip


def _crossing_street(plan: StreetPlan) -> Mesh:
    """Plain rows along the crossing street beyond the corner houses, and its two ends."""
    rng = np.random.default_rng((plan.seed, 65))
    assert plan.junction_y_m is not None
    parts = []
    for outward, corner in ((1, plan.right_kerb_m + plan.pavement_m[0]), (-1, plan.left_kerb_m - plan.pavement_m[1])):
        for side in (1, -1):
            edge = plan.junction_y_m + side * (plan.cross_half_m + CROSS_PAVEMENT_M)
            u = 14.0
            while u < CROSS_REACH_M - 30:
                width, height = rng.uniform(7, 14), rng.uniform(4, 12)
                x = tuple(sorted((corner + outward * u, corner + outward * (u + width - 0.4))))
                y = tuple(sorted((edge, edge + side * 10.0)))
                front = tuple(sorted((edge, edge - side * 0.06)))
                parts.append(box((x[0], x[1]), (y[0], y[1]), (-0.2, height), f"plaster_{rng.integers(len(PLASTERS))}"))
                parts.append(box((x[0] + 0.5, x[1] - 0.5), (front[0], front[1]), (0.2, 2.6), "shutter"))
                parts.append(
                    box((x[0] + 0.3, x[1] - 0.3), (front[0], front[1]), (2.9, 3.5), f"sign_{rng.integers(len(SIGNS))}")
                )
                u += width
        x = tuple(sorted((outward * CROSS_REACH_M, outward * (CROSS_REACH_M + 14))))
        parts.append(box((x[0], x[1]), (plan.junction_y_m - 25, plan.junction_y_m + 25), (-0.2, 18.0), "plaster_3"))
    return merge(parts)
