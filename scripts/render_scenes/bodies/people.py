"""People on foot: six figures, the steps of a walk, standing, sitting, tending. Local axes as in `car_body`; metres.

The walk swings thighs ±25°, so that a leg of 0.49 H gives a cycle of 1.4 m, and bends the knee of the leg in the air.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scripts.render_scenes.bodies.figure import HEAD_Z, SHOULDER_Y, SHOULDER_Z, arm, foot, head, hips, leg, torso
from scripts.render_scenes.bodies.loft import loft, oval
from scripts.render_scenes.geometry.mesh import Mesh, Point, box, merge

WALK_CYCLE_M = 1.4
WALK_POSES = 8
STANDING, SITTING, TENDING = 8, 9, 10
POSES = 11
SWING_RAD = np.radians(25.0)
THIGH, SHANK, UPPER_ARM, FOREARM = 0.245, 0.235, 0.175, 0.145


@dataclass(frozen=True, slots=True)
class Figure:
    """`girth` scales widths; `cover` is what the head wears (see `figure.head`); a skirt hides the legs."""

    height_m: float
    girth: float
    trousers: str
    cover: str
    skirt: bool = False
    long_sleeves: bool = False


FIGURES = {
    "person_a": Figure(1.68, 1.0, "trousers", "hair"),
    "person_b": Figure(1.57, 0.97, "cloth_brown", "hijab", skirt=True, long_sleeves=True),
    "person_c": Figure(1.72, 1.12, "denim", "cap"),
    "person_d": Figure(1.60, 0.92, "denim", "long_hair"),
    "person_e": Figure(1.55, 1.05, "cloth_grey", "hijab_light", long_sleeves=True),
    "person_f": Figure(1.64, 1.05, "trousers", "straw"),
}


@dataclass(frozen=True, slots=True)
class _Limbs:
    """Angles in radians, forward positive: thighs and knee flexion, upper arms and elbow flexion; left, then right."""

    thigh: tuple[float, float]
    knee: tuple[float, float]
    arm: tuple[float, float]
    elbow: tuple[float, float]
    lean: float = 0.0


def _limbs(pose: int, skirt: bool) -> _Limbs:
    if pose == STANDING:
        return _Limbs((0.04, -0.03), (0.05, 0.06), (0.06, -0.04), (0.18, 0.14))
    if pose == SITTING:
        return _Limbs((1.40, 1.34), (1.45, 1.30), (0.55, 0.65), (0.9, 0.7), 0.10)
    if pose == TENDING:
        return _Limbs((0.06, -0.05), (0.06, 0.08), (0.70, 0.95), (0.65, 0.40), 0.14)
    swing = SWING_RAD * (0.75 if skirt else 1.0)
    left = 2 * np.pi * pose / WALK_POSES
    phases = (left, left + np.pi)
    sines = [float(np.sin(phase)) for phase in phases]
    # The thigh moves forward while the cosine is positive; that leg is in the air and its knee bends.
    knees = [0.10 + 0.80 * max(0.0, float(np.cos(phase))) ** 2 for phase in phases]
    elbows = [0.30 - 0.15 * sine for sine in sines]
    return _Limbs(
        (swing * sines[0], swing * sines[1]), (knees[0], knees[1]),
        (-0.8 * swing * sines[0], -0.8 * swing * sines[1]), (elbows[0], elbows[1]), 0.04,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Leg:
    hip: Point
    knee: Point
    ankle: Point
    pitch_rad: float


def _leg(side: int, thigh: float, flex: float, figure: Figure) -> _Leg:
    h, y = figure.height_m, side * 0.050 * figure.height_m * figure.girth
    down = thigh - flex
    knee = (THIGH * h * np.sin(thigh), y * 1.05, -THIGH * h * np.cos(thigh))
    ankle = (knee[0] + SHANK * h * np.sin(down), y, knee[2] - SHANK * h * np.cos(down))
    return _Leg((0.0, y, 0.0), knee, ankle, 0.6 * down)


def person(name: str, pose: int) -> Mesh:
    """One of FIGURES in a pose; its lowest foot stands on z = 0."""
    figure, limbs = FIGURES[name], _limbs(pose, FIGURES[name].skirt)
    h, g = figure.height_m, figure.girth
    legs = [_leg(side, limbs.thigh[i], limbs.knee[i], figure) for i, side in enumerate((1, -1))]
    feet = [foot(one.ankle, one.pitch_rad, h) for one in legs]
    lift = -min(float(shoe.vertices[:, 2].min()) for shoe in feet)
    wide = 0.052 * h * g * (1.2 if figure.skirt else 1.0)
    parts = [*feet, *(leg(one.hip, one.knee, one.ankle, wide, figure.trousers) for one in legs)]
    parts += [hips((0.0, 0.0, 0.0), h, g, figure.trousers), torso((0.0, 0.0, 0.0), limbs.lean, h, g)]
    if figure.skirt and pose != SITTING:
        parts.append(_skirt(legs, figure, 0.06 - lift))
    parts += [_arm(side, limbs.arm[i], limbs.elbow[i], limbs.lean, figure) for i, side in enumerate((1, -1))]
    parts.append(head((HEAD_Z * h * np.sin(limbs.lean), 0.0, HEAD_Z * h * np.cos(limbs.lean)), h, figure.cover))
    if pose == SITTING:
        parts.append(box((-0.17, 0.15), (-0.16, 0.16), (-lift, -0.05 * h), "stool"))
    return merge(parts).moved(z=lift)


def _arm(side: int, swing: float, flex: float, lean: float, figure: Figure) -> Mesh:
    h, g = figure.height_m, figure.girth
    x, z = SHOULDER_Z * h * np.sin(lean), SHOULDER_Z * h * np.cos(lean)
    shoulder = (x, side * SHOULDER_Y * h * g, z)
    elbow = (x + UPPER_ARM * h * np.sin(swing), side * (SHOULDER_Y * g + 0.014) * h, z - UPPER_ARM * h * np.cos(swing))
    bend = swing + flex
    wrist = (elbow[0] + FOREARM * h * np.sin(bend), elbow[1] - side * 0.012 * h,
             elbow[2] - FOREARM * h * np.cos(bend))  # fmt: skip
    return arm(shoulder, elbow, wrist, h, "shirt" if figure.long_sleeves else "skin")


def _skirt(legs: list[_Leg], figure: Figure, hem_z: float) -> Mesh:
    """Cloth around both legs, as wide at each height as they stand apart there."""
    h, g, rings = figure.height_m, figure.girth, []
    for share in (1.0, 0.8, 0.55, 0.3, 0.0):
        z = hem_z + (0.03 * h - hem_z) * share
        spots = []
        for one in legs:
            joints = sorted((one.hip, one.knee, one.ankle), key=lambda joint: joint[2])
            spots.append(float(np.interp(z, [joint[2] for joint in joints], [joint[0] for joint in joints])))
        slack = (0.062 + 0.010 * (1 - share)) * h * g
        rings.append(oval(((min(spots) + max(spots)) / 2, 0.0, z),
                          ((max(spots) - min(spots)) / 2 + slack, 0.100 * h * g), 14))  # fmt: skip
    return loft(rings, figure.trousers)
