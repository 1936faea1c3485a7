"""Random clips: every seed another street, camera, light and crowd, and one of the plots, so that truth has a story.

What a plot needs lies well in view; whatever else can be seen of the road, the pavement and the bay is a zone too, in
which nothing happens.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.scenes import random_parts as parts
from scripts.render_scenes.scenes.plots import BAY, PAVEMENT, PLOTS, ROAD, Plot, Span, Stage
from scripts.render_scenes.scenes.scene import Scene, Weather, Zone, ZoneKind

FPS = 8
SHORTEST_M = {ROAD: 20.0, PAVEMENT: 9.0, BAY: 12.0}
"""How much of a zone along the street must be in view for a story to play there."""
LEAST_SHARE = {ROAD: 0.06, PAVEMENT: 0.02, BAY: 0.025}
"""And how large it must be in the picture."""
FARTHEST_M = {ROAD: 52.0, PAVEMENT: 36.0, BAY: 40.0}
NEAREST_AT_LEAST_M = {ROAD: 26.0, PAVEMENT: 18.0, BAY: 20.0}
"""A zone that begins farther away shows nothing large enough."""
MARGIN_PX = 6.0
FOCAL_PX = (420.0, 900.0)
TRIES = 2000
KINDS: dict[str, ZoneKind] = {ROAD: "roadway", PAVEMENT: "no_vending", BAY: "no_parking"}
NAME = re.compile(r"random[:_](\d{1,9})")


def plot_of(seed: int) -> Plot:
    """What happens in a seed's clip."""
    return PLOTS[seed % len(PLOTS)]


def random_clip(seed: int) -> Scene:
    """The clip of a seed; equal seeds give equal ones.

    Raises:
        ValueError: no camera was found that shows what the plot needs.
    """
    plot, rng = plot_of(seed), np.random.default_rng((seed, 24))
    plan = plot.street(rng, replace(parts.plan(rng, seed), junction_y_m=None, parking_m=0.0))
    frames = FPS * int(rng.integers(*plot.length_s))
    camera, view = _camera(rng, plan, plot)
    light = plot.lights[rng.integers(len(plot.lights))]
    weather = Weather(light, float(rng.uniform(*parts.ELEVATION_DEG[light])), float(rng.uniform(0, 360)))
    story = plot.tell(rng, Stage(plan, view, frames / FPS))
    story = replace(story, lights=light in ("dusk", "night") or _rains(story.water.rain))
    lens = parts.lens(rng, weather, story.water)
    drops = int(rng.integers(3, 9)) if _rains(story.water.rain) else 0
    lens = replace(lens, drops=drops, caption=lens.caption or f"CAM {rng.integers(1, 99):02d}")
    zones = tuple(_zone(plan, name, view[name]) for name in _zones_of(plan, plot) if name in view)
    return Scene(f"random_{seed}", seed, FPS, frames, camera, plan, story, weather, lens, zones)


def seed_of(name: str) -> int | None:
    """The seed that `random:7` or `random_7` names; None where it is another name."""
    match = NAME.fullmatch(name)
    return int(match[1]) if match else None


def _rains(rain: tuple[tuple[float, float], ...]) -> bool:
    return max(strength for _, strength in rain) > 0.4


def _zones_of(plan: StreetPlan, plot: Plot) -> list[str]:
    """The zones a street can have: no parking is forbidden where cars are parked, nor is there a bay without one."""
    bay = [BAY] if plan.parking_m and plot.kind != "parked cars" else []
    return [ROAD, PAVEMENT, *bay]


def across(plan: StreetPlan, name: str) -> Span:
    """From which x to which a zone reaches, metres."""
    inner_m, kerb_m = plan.middle_m + plan.half_median_m, plan.right_kerb_m
    if name == ROAD:
        return inner_m + 0.2, inner_m + plan.towards * plan.lane_m - 0.1
    if name == PAVEMENT:
        return kerb_m + 0.3, kerb_m + min(plan.pavement_m[0] - 0.2, 4.2)
    return kerb_m - plan.parking_m - 0.2, kerb_m - 0.1


def _camera(rng: np.random.Generator, plan: StreetPlan, plot: Plot) -> tuple[Camera, dict[str, Span]]:
    """The first of many random cameras that shows enough of what the plot needs; and what it shows of each zone."""
    begins_m = 8.0 if plan.junction_y_m is None else plan.junction_y_m + plan.cross_half_m + plan.stop_gap_m + 1.0
    for _ in range(TRIES):
        camera = parts.mast_camera(rng, plan)
        if not FOCAL_PX[0] <= camera.focal_px <= FOCAL_PX[1]:
            continue
        spans = {
            name: _in_view(camera, across(plan, name), (begins_m, FARTHEST_M[name])) for name in _zones_of(plan, plot)
        }
        view = {name: span for name, span in spans.items() if span is not None and _large(camera, plan, name, span)}
        if plot.needs in view:
            return camera, view
    raise ValueError(f"no camera shows enough of {plot.needs!r} for {plot.kind!r} on this street")


def _in_view(camera: Camera, x_m: Span, y_m: Span) -> Span | None:
    """The longest stretch of the street, by the half metre, over which both edges of a zone are in the picture."""
    ys = np.arange(*y_m, 0.5)
    shown = np.ones(len(ys), bool)
    for x in x_m:
        pixels, depth = camera.project(np.column_stack([np.full_like(ys, x), ys, np.zeros_like(ys)]))
        low, high = MARGIN_PX, np.array([camera.width_px, camera.height_px]) - MARGIN_PX
        shown &= (depth > 0) & ((pixels > low) & (pixels < high)).all(axis=1)
    edges = np.flatnonzero(np.diff([False, *shown, False]))
    runs = [(float(ys[a]), float(ys[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return max(runs, key=lambda run: run[1] - run[0], default=None)


def _large(camera: Camera, plan: StreetPlan, name: str, span: Span) -> bool:
    """Whether a zone is near, long and large enough for a story."""
    (x0, x1), (y0, y1) = across(plan, name), span
    pixels, _ = camera.project(np.array([(x0, y0, 0.0), (x1, y0, 0.0), (x1, y1, 0.0), (x0, y1, 0.0)]))
    x, y = pixels[:, 0], pixels[:, 1]
    area = abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2
    share = area / (camera.width_px * camera.height_px)
    near = y0 <= NEAREST_AT_LEAST_M[name]
    return near and y1 - y0 >= SHORTEST_M[name] and share >= LEAST_SHARE[name]


def _zone(plan: StreetPlan, name: str, span: Span) -> Zone:
    (x0, x1), (y0, y1) = across(plan, name), span
    return Zone(name, KINDS[name], ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
