"""What happens, as intervals: pure functions over the frames of a truth. Kinds and bounds are those of the product."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from scripts.render_scenes.moment import Actor, CameraState, Moment
from scripts.render_scenes.motion.signals import GREEN, MAIN, RED
from scripts.render_scenes.scenes.scene import Scene, Zone

# A jam is slow and dense at once, both as means over SMOOTHING_S.
JAM_BELOW_KMH, JAM_ABOVE_OCCUPANCY, SMOOTHING_S = 10.0, 0.25, 2.0
FLOOD_SHARE, FLOOD_DEPTH_CM = 0.3, 3.0
STILL_BELOW_MS = 0.05
PARKED_FOR_S = 3.0
# A seller who walks around the cart has not left it.
TENDED_WITHIN_M, TENDED_AGAIN_WITHIN_S = 2.0, 5.0
DARK_FROM, DEFOCUSED_FROM_PX, COVERED_FROM, MOVED_FROM_DEG = 0.9, 3.0, 0.5, 2.0
VEHICLES = ("car", "bus", "truck", "motorcycle")

Interval = tuple[float, float]


def intervals(flags: Sequence[bool], fps: float) -> list[Interval]:
    """Spans (from s, to s) in which a flag holds, frame by frame; an open end is the end of the clip."""
    edges = np.flatnonzero(np.diff([False, *flags, False]))
    return [(float(a) / fps, float(b) / fps) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def joined(spans: Sequence[Interval], gap_s: float) -> list[Interval]:
    """The spans, in order, with those made one that lie at most `gap_s` apart."""
    found: list[Interval] = []
    for begin, end in spans:
        if found and begin - found[-1][1] <= gap_s:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def jams(states: Sequence[dict[str, Any]], fps: float) -> list[Interval]:
    """From the zone's speed and occupancy in each frame."""
    half, flags = round(SMOOTHING_S * fps / 2), []
    for i in range(len(states)):
        window = states[max(0, i - half) : i + half + 1]
        speeds = [s["speed_kmh"] for s in window if s["speed_kmh"] is not None]
        dense = float(np.mean([s["occupancy"] for s in window])) > JAM_ABOVE_OCCUPANCY
        flags.append(bool(speeds) and dense and float(np.mean(speeds)) < JAM_BELOW_KMH)
    return intervals(flags, fps)


def queues_at_red(span: Interval, lights: Sequence[str | None], fps: float) -> bool:
    """Whether slow and dense traffic only waits: it stood at a red light and went before a whole green was over."""
    shown = lights[round(span[0] * fps) : round(span[1] * fps)]
    greens = intervals([light == GREEN for light in lights], fps)
    return RED in shown and not any(span[0] <= begin and end <= span[1] for begin, end in greens)


def floods(states: Sequence[dict[str, Any]], fps: float) -> list[Interval]:
    """Water over FLOOD_SHARE of the zone, on average deeper than FLOOD_DEPTH_CM."""
    waters = [state["water"] for state in states]
    return intervals([w["share"] >= FLOOD_SHARE and w["mean_cm"] >= FLOOD_DEPTH_CM for w in waters], fps)


def vendings(moments: Sequence[Moment], zone: Zone, kinds: dict[str, str], fps: float) -> list[Interval]:
    """A selling unit stands still in the zone and somebody stands within TENDED_WITHIN_M of it, but for short gaps."""

    def selling(moment: Moment) -> bool:
        still = [actor for actor in moment.actors if actor.speed_ms < STILL_BELOW_MS]
        units = [actor for actor in still if kinds[actor.model] == "vendor" and inside(actor, zone)]
        people = [actor for actor in still if kinds[actor.model] == "person"]
        return any(_apart(unit, person) <= TENDED_WITHIN_M for unit in units for person in people)

    return joined(intervals([selling(moment) for moment in moments], fps), TENDED_AGAIN_WITHIN_S)


def parkings(moments: Sequence[Moment], zone: Zone, kinds: dict[str, str], fps: float) -> list[Interval]:
    """A vehicle stands still in the zone for at least PARKED_FOR_S."""

    def parked(moment: Moment) -> bool:
        return any(
            actor.speed_ms < STILL_BELOW_MS and kinds[actor.model] in VEHICLES and inside(actor, zone)
            for actor in moment.actors
        )

    found = intervals([parked(moment) for moment in moments], fps)
    return [(a, b) for a, b in found if b - a >= PARKED_FOR_S]


def fault_of(state: CameraState) -> str | None:
    """dark, covered, defocused, moved, or None when the camera is well."""
    if state.dim >= DARK_FROM:
        return "dark"
    if state.covered >= COVERED_FROM:
        return "covered"
    if state.defocus_px >= DEFOCUSED_FROM_PX:
        return "defocused"
    if math.hypot(state.pan_deg, state.tilt_deg) >= MOVED_FROM_DEG:
        return "moved"
    return None


def inside(actor: Actor, zone: Zone) -> bool:
    """Whether the middle of an actor's footprint lies in the zone."""
    polygon = np.array(zone.ground_m, np.float32).reshape(-1, 1, 2)
    return cv2.pointPolygonTest(polygon, (float(actor.x_m), float(actor.y_m)), measureDist=False) >= 0


def _apart(a: Actor, b: Actor) -> float:
    return math.hypot(a.x_m - b.x_m, a.y_m - b.y_m)


def of_scene(
    scene: Scene, moments: Sequence[Moment], states: dict[str, list[dict[str, Any]]], kinds: dict[str, str]
) -> list[dict[str, Any]]:
    """Every incident of a scene; `states` are the zones' states by name, `kinds` the classes by model."""
    found: list[dict[str, Any]] = []

    def add(kind: str, zone: str | None, spans: Sequence[Interval], **more: str) -> None:
        found.extend({"kind": kind, "zone": zone, "from_s": a, "to_s": b, **more} for a, b in spans)

    lights = [moment.signals.get(MAIN) for moment in moments]
    for zone in scene.zones:
        if zone.kind == "roadway":
            spans = jams(states[zone.name], scene.fps)
            add("jam", zone.name, [span for span in spans if not queues_at_red(span, lights, scene.fps)])
            add("flood", zone.name, floods(states[zone.name], scene.fps))
        elif zone.kind == "no_vending":
            add("vending", zone.name, vendings(moments, zone, kinds, scene.fps))
        elif zone.kind == "no_parking":
            add("parking", zone.name, parkings(moments, zone, kinds, scene.fps))
    for reason in ("dark", "covered", "defocused", "moved"):
        flags = [fault_of(moment.camera) == reason for moment in moments]
        add("camera_fault", None, intervals(flags, scene.fps), reason=reason)
    return sorted(found, key=lambda incident: (incident["from_s"], incident["kind"]))
