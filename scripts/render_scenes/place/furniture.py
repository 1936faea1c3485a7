"""Lamp posts, poles and wires, traffic signs, signals, bus stops, bollards, pots, bins."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scripts.render_scenes.geometry.mesh import Mesh, ball, box, merge, quad, rod
from scripts.render_scenes.place.carriageway import MEDIAN_KERBED_FROM_M, spans
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.place.relief import PAVEMENT_M
from scripts.render_scenes.place.vegetation import bush

LAMP_EVERY_M, LAMP_HEIGHT_M = 30.0, 9.0
KERB_SIDE_M = 0.5  # from the kerb's face to what stands along it
DETAIL_TO_M = 150.0


def lamp_places(plan: StreetPlan) -> list[tuple[float, float, float]]:
    """(x of the post, y, x of the lamp) for every street lamp."""
    found = []
    offset = float(np.random.default_rng((plan.seed, 66)).uniform(8.0, 20.0))
    for start, end in spans(plan, 5.0, near_m=offset):
        for y in np.arange(max(start, offset), end, LAMP_EVERY_M):
            found.append((plan.right_kerb_m + KERB_SIDE_M, float(y), plan.right_kerb_m - 1.3))
            if plan.away >= 2:
                found.append((plan.left_kerb_m - KERB_SIDE_M, float(y) + 6.0, plan.left_kerb_m + 1.3))
    return found


def lamp_posts(plan: StreetPlan) -> Mesh:
    parts = []
    for post, y, lamp in lamp_places(plan):
        sign = 1.0 if lamp > post else -1.0
        x0, x1 = sorted((lamp - sign * 0.05, lamp + sign * 0.6))
        parts += [
            rod((post, y, 0.1), (post, y, LAMP_HEIGHT_M - 0.4), 0.09, "pole", 10, 0.06),
            rod((post, y, LAMP_HEIGHT_M - 0.4), (lamp, y, LAMP_HEIGHT_M + 0.08), 0.045, "pole", 8),
            box((x0, x1), (y - 0.12, y + 0.12), (LAMP_HEIGHT_M + 0.03, LAMP_HEIGHT_M + 0.13), "pole"),
            box((x0 + 0.08, x1 - 0.08), (y - 0.09, y + 0.09), (LAMP_HEIGHT_M, LAMP_HEIGHT_M + 0.03), "lamp"),
        ]
    return merge(parts)


def wires(plan: StreetPlan) -> Mesh:
    """Electric poles at the left building line with sagging wires and a box now and then."""
    x = plan.left_kerb_m - plan.pavement_m[1] + 0.45
    parts: list[Mesh] = []
    for start, end in spans(plan, 4.0):
        tops = []
        for y in np.arange(start + 9.0, end, 36.0):
            parts += [
                rod((x, y, 0.1), (x, y, 8.4), 0.12, "concrete", 10, 0.08),
                box((x - 0.7, x + 0.7), (y - 0.05, y + 0.05), (7.9, 8.02), "pole"),
                box((x - 0.22, x + 0.22), (y + 0.1, y + 0.5), (5.8, 6.5), "unit"),
            ]
            tops.append((x, float(y), 8.0))
        for a, b in pairwise(tops):
            for k in range(4):
                shift = -0.6 + 0.4 * k
                edges = [
                    (a[0] + shift, a[1] + (b[1] - a[1]) * s, 8.02 - 0.8 * 4 * s * (1 - s)) for s in np.linspace(0, 1, 6)
                ]
                parts += [rod(p, q, 0.015, "gate", 4) for p, q in pairwise(edges)]
    return merge(parts)


def clutter(plan: StreetPlan) -> Mesh:
    """Small things, along the kerb and along the fronts, never where one walks."""
    rng = np.random.default_rng((plan.seed, 67))
    parts = [
        rod((plan.right_kerb_m + 0.5, plan.near_m, 0.1), (plan.right_kerb_m + 0.5, plan.near_m, 0.2), 0.05, "pole", 6)
    ]
    for side, kerb, width in ((1, plan.right_kerb_m, plan.pavement_m[0]), (-1, plan.left_kerb_m, plan.pavement_m[1])):
        green = plan.sides[0 if side > 0 else 1] in ("park", "wall")
        bollards = not green and rng.random() < 0.6
        for start, end in spans(plan, 4.0, near_m=8.0):
            for y in np.arange(start, min(end, DETAIL_TO_M), 4.0):
                near, front = kerb + side * 0.47, kerb + side * (width - 0.55)
                if bollards:
                    parts.append(rod((near, y, PAVEMENT_M), (near, y, 0.95), 0.06, "kerb_white", 8))
                chance = rng.random()
                if green and chance < 0.8:
                    parts += [bush(front, y + k * 1.2, PAVEMENT_M, rng.uniform(0.5, 0.8)) for k in range(2)]
                elif chance < plan.clutter * 0.5:
                    parts += [rod((front, y, PAVEMENT_M), (front, y, 0.6), 0.2, "pot", 10, 0.27),
                              ball((front, y, 0.95), (0.35, 0.35, 0.45), "leaf")]  # fmt: skip
                elif chance < plan.clutter * 0.6:
                    parts.append(rod((front, y, PAVEMENT_M), (front, y, 1.05), 0.24, "bin", 12, 0.28))
    return merge(parts)


def signs(plan: StreetPlan) -> Mesh:
    """A few traffic signs on poles."""
    rng = np.random.default_rng((plan.seed, 68))
    parts = [rod((plan.right_kerb_m + 0.6, 60.0, 0.1), (plan.right_kerb_m + 0.6, 60.0, 0.2), 0.04, "pole", 6)]
    for start, end in spans(plan, 6.0, near_m=16.0):
        for y in np.arange(start + rng.uniform(4, 14), min(end, DETAIL_TO_M), 27.0):
            x = plan.right_kerb_m + 0.55
            parts.append(rod((x, y, 0.1), (x, y, 2.75), 0.035, "pole", 8))
            if rng.random() < 0.5:
                parts.append(rod((x, y + 0.02, 2.5), (x, y + 0.05, 2.5), 0.30, "sign_red", 18))
                parts.append(rod((x, y + 0.05, 2.5), (x, y + 0.06, 2.5), 0.22, "sign_face", 18))
            else:
                parts.append(box((x - 0.3, x + 0.3), (y + 0.02, y + 0.05), (2.2, 2.8), "sign_blue"))
    return merge(parts)


def bus_stop(plan: StreetPlan, y_m: float) -> Mesh:
    """A shelter at the fronts of the right pavement, open to the road."""
    back = plan.right_kerb_m + plan.pavement_m[0] - 0.25
    return merge([
        box((back - 0.05, back), (y_m - 2.5, y_m + 2.5), (0.3, 2.3), "glass"),
        box((back - 1.5, back + 0.1), (y_m - 2.8, y_m + 2.8), (2.45, 2.55), "roof_metal"),
        box((back - 0.65, back - 0.2), (y_m - 2.0, y_m + 2.0), (0.58, 0.64), "frame"),
        *(rod((back - 0.1, y_m + k, 0.1), (back - 0.1, y_m + k, 2.5), 0.05, "pole", 8) for k in (-2.5, 0.0, 2.5)),
        *(box((back - 0.5, back - 0.3), (y_m + k - 0.05, y_m + k + 0.05), (0.1, 0.58), "frame") for k in (-1.7, 1.7)),
    ])  # fmt: skip


def median(plan: StreetPlan) -> Mesh | None:
    """Bushes on a planted median."""
    if not plan.away or plan.median_m < MEDIAN_KERBED_FROM_M:
        return None
    rng = np.random.default_rng((plan.seed, 69))
    size = min(0.55, plan.median_m * 0.4)
    return merge([
        bush(plan.middle_m, y, PAVEMENT_M - 0.05, size * rng.uniform(0.8, 1.1))
        for start, end in spans(plan, plan.stop_gap_m + 1.0, near_m=4.0)
        for y in np.arange(start, min(end, 200.0), 1.1)
        if rng.random() < 0.85
    ])  # fmt: skip


def signal_places(plan: StreetPlan) -> list[tuple[str, float, float, float, float]]:
    """(group, x, y, z, turn in radians) of every signal head; the turn is where its lamps face."""
    if plan.junction_y_m is None:
        return []
    reach = plan.cross_half_m + plan.stop_gap_m
    z, found = 5.4, []
    found.append(("main", plan.right_kerb_m - 2.2, plan.junction_y_m + reach - 0.6, z, np.pi / 2))
    if plan.away:
        found.append(("main", plan.left_kerb_m + 2.2, plan.junction_y_m - reach + 0.6, z, -np.pi / 2))
    found.append(("cross", plan.left_kerb_m - plan.stop_gap_m + 0.6, plan.junction_y_m + 2.0, z, np.pi))
    found.append(("cross", plan.right_kerb_m + plan.stop_gap_m - 0.6, plan.junction_y_m - 2.0, z, 0.0))
    return found


def signals(plan: StreetPlan) -> Mesh:
    """Posts, arms and housings; the lamps are drawn apart, as they change."""
    parts = []
    assert plan.junction_y_m is not None
    for group, x, y, z, turn in signal_places(plan):
        if group == "main":
            foot = (plan.right_kerb_m + 0.5, y) if turn > 0 else (plan.left_kerb_m - 0.5, y)
        else:
            # Posts of the crossing street stand on its own left pavement.
            side = 1.0 if np.cos(turn) < 0 else -1.0
            foot = (x, plan.junction_y_m + side * (plan.cross_half_m + 0.6))
        top = (foot[0], foot[1], z + 0.7)
        cos, sin = float(np.cos(turn)), float(np.sin(turn))
        housing = box((-0.14, 0.10), (-0.20, 0.20), (z - 0.55, z + 0.55), "signal_box").moved(x, y, 0.0, turn)
        board = quad((0.0, -0.3, z - 0.7), (0.0, 0.3, z - 0.7), (0.0, 0.3, z + 0.7), (0.0, -0.3, z + 0.7), "signal_box")
        parts += [
            rod((foot[0], foot[1], 0.1), top, 0.09, "pole", 10),
            rod(top, (x - 0.2 * cos, y - 0.2 * sin, z + 0.7), 0.05, "pole", 8),
            housing,
            board.moved(x, y, 0.0, turn),
        ]
    return merge(parts)


def signal_disc() -> Mesh:
    """A unit disc that faces local +x; its material says which lamp it is."""
    turn = np.arange(16) * 2 * np.pi / 16
    vertices = np.column_stack([np.zeros(16), np.cos(turn), np.sin(turn)])
    return Mesh(vertices, (tuple(range(16)),), ("signal",))
