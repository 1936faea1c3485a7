"""Pedestrians along the pavements: files of people beside each other, each file with one pace and one direction."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from scripts.render_scenes.bodies.catalogue import PEOPLE
from scripts.render_scenes.bodies.people import STANDING
from scripts.render_scenes.moment import Actor
from scripts.render_scenes.motion.scripted import walk_pose
from scripts.render_scenes.place.plan import StreetPlan

FILE_M = 0.8
NEAREST_M = 1.8
# What stands along the kerb and along the fronts; between the two one walks.
KERB_CLEAR_M, FRONT_CLEAR_M, GREEN_CLEAR_M = 1.65, 1.25, 1.55
PACE_MS = (0.9, 1.5)
WAITING_EVERY = 6
FILE_TRACKS = 100

Band = tuple[float, float]


def files_x_m(plan: StreetPlan, side: int) -> list[float]:
    """The x of each file that fits on a pavement: side 0 at the picture's right, 1 at its left."""
    edge = GREEN_CLEAR_M if plan.sides[side] in ("park", "wall") else FRONT_CLEAR_M
    room_m = plan.pavement_m[side] - edge - KERB_CLEAR_M
    if room_m < 0:
        return []
    offsets = KERB_CLEAR_M + FILE_M * np.arange(math.floor(room_m / FILE_M) + 1)
    return [float(plan.right_kerb_m + o if side == 0 else plan.left_kerb_m - o) for o in offsets]


@dataclass(frozen=True, slots=True)
class Walkers:
    """People who walk between two y along a pavement, one every `every_m` of each file on average.

    No file runs through a `closed` band of x (a stall, for example). One in WAITING_EVERY files only stands about.
    Tracks: FILE_TRACKS for each file.
    """

    first_track: int
    side: int = 0
    every_m: float = 22.0
    from_y_m: float = 1.0
    to_y_m: float = 140.0
    closed: tuple[Band, ...] = ()

    def actors(self, plan: StreetPlan, seed: int, time_s: float) -> list[Actor]:
        found: list[Actor] = []
        for number, x_m in enumerate(files_x_m(plan, self.side)):
            if any(low - FILE_M / 2 < x_m < high + FILE_M / 2 for low, high in self.closed):
                continue
            rng = np.random.default_rng((seed, 6, self.first_track, number))
            found += self._file(rng, self.first_track + FILE_TRACKS * number, x_m, time_s)
        return found

    def _file(self, rng: np.random.Generator, track: int, x_m: float, time_s: float) -> list[Actor]:
        pace_ms, towards = rng.uniform(*PACE_MS), rng.random() < 0.5
        stands = rng.integers(WAITING_EVERY) == 0
        length_m, found = self.to_y_m - self.from_y_m, []
        # The first of the file begins at its end; the others follow, some of them before the file's beginning yet.
        behind_m = np.cumsum(NEAREST_M + rng.exponential(max(0.1, self.every_m - NEAREST_M), FILE_TRACKS))
        who, sway = rng.integers(len(PEOPLE), size=FILE_TRACKS), rng.uniform(-0.08, 0.08, FILE_TRACKS)
        looks = rng.uniform(-math.pi, math.pi, FILE_TRACKS)
        gone_m = length_m - behind_m + (0.0 if stands else pace_ms * time_s)
        for i in np.flatnonzero((gone_m >= 0) & (gone_m <= length_m)):
            walked_m = float(gone_m[i])
            x, y = x_m + float(sway[i]), self.to_y_m - walked_m if towards else self.from_y_m + walked_m
            if stands:
                found.append(Actor(track + int(i), PEOPLE[who[i]], x, y, float(looks[i]), 0.0, STANDING))
            else:
                turn_rad = -math.pi / 2 if towards else math.pi / 2
                found.append(Actor(track + int(i), PEOPLE[who[i]], x, y, turn_rad, pace_ms, walk_pose(walked_m)))
        return found
