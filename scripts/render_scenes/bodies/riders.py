"""Who sits on motorcycles and bicycles; origin and axes are those of the machine beneath. Metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scripts.render_scenes.bodies.figure import HEAD_Z, SHOULDER_Y, SHOULDER_Z, arm, foot, head, hips, leg, torso
from scripts.render_scenes.geometry.mesh import Mesh, Point, merge

HEIGHT_M = 1.66


@dataclass(frozen=True, slots=True)
class Seated:
    """Joints of the left side (y > 0); the right mirrors them unless given."""

    hips: Point
    lean_rad: float
    knee: Point
    ankle: Point
    elbow: Point
    wrist: Point
    cover: str
    trousers: str
    sleeve: str
    other_knee: Point | None = None
    other_ankle: Point | None = None
    height_m: float = HEIGHT_M


def _mirrored(point: Point) -> Point:
    return point[0], -point[1], point[2]


def seated(who: Seated) -> Mesh:
    h, (x, _, z), lean = who.height_m, who.hips, who.lean_rad
    sin, cos = float(np.sin(lean)), float(np.cos(lean))
    parts = [hips(who.hips, h, 1.0, who.trousers), torso((x, 0.0, z), lean, h, 1.0)]
    parts.append(head((x + HEAD_Z * h * sin, 0.0, z + HEAD_Z * h * cos), h, who.cover))
    shoulder = (x + SHOULDER_Z * h * sin, SHOULDER_Y * h, z + SHOULDER_Z * h * cos)
    right = who.other_knee or _mirrored(who.knee), who.other_ankle or _mirrored(who.ankle)
    for side, knee, ankle in ((1, who.knee, who.ankle), (-1, *right)):
        joints = (shoulder, who.elbow, who.wrist)
        parts.append(arm(*(joints if side > 0 else map(_mirrored, joints)), h, who.sleeve))
        parts.append(leg((x, side * 0.055 * h, z - 0.01), knee, ankle, 0.052 * h, who.trousers))
        parts.append(foot(ankle, 0.0, h))
    return merge(parts)


def rider() -> Mesh:
    """Who drives a scooter or an underbone: jacket, helmet, hands at the grips, feet on floorboard or pegs."""
    return seated(Seated(
        hips=(-0.24, 0.0, 0.87), lean_rad=0.10, knee=(0.16, 0.155, 0.80), ankle=(0.07, 0.155, 0.42),
        elbow=(0.04, 0.30, 1.10), wrist=(0.31, 0.285, 1.055), cover="helmet", trousers="trousers", sleeve="shirt",
    ))  # fmt: skip


def pillion() -> Mesh:
    """A passenger behind the rider, hands at the rider's waist."""
    return seated(Seated(
        hips=(-0.63, 0.0, 0.90), lean_rad=0.06, knee=(-0.26, 0.215, 0.80), ankle=(-0.42, 0.21, 0.44),
        elbow=(-0.52, 0.25, 1.14), wrist=(-0.32, 0.17, 1.04), cover="helmet", trousers="denim", sleeve="skin",
        height_m=1.58,
    ))  # fmt: skip


def cyclist() -> Mesh:
    """Who rides a bicycle: upright, one pedal down."""
    return seated(Seated(
        hips=(-0.22, 0.0, 0.96), lean_rad=0.20, knee=(0.15, 0.105, 0.74), ankle=(0.02, 0.105, 0.315),
        other_knee=(0.13, -0.105, 0.92), other_ankle=(-0.20, -0.105, 0.50),
        elbow=(0.02, 0.26, 1.15), wrist=(0.17, 0.275, 1.055), cover="cap", trousers="cloth_grey", sleeve="skin",
    ))  # fmt: skip
