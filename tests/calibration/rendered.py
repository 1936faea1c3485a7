"""The sample videos' truth: their cameras, and their vehicles as a detector and a tracker would report them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from calibration.ground import GroundPlane
from calibration.lens import Lens
from calibration.traffic.tracks import Track, Traffic

FOLDER = Path(__file__).parents[2] / "sample_videos"
CLIPS = ("flood_rises", "jam_builds_up", "night_rain", "red_light", "truck_parks", "vendor_arrives")
"""All but camera_covered, which shows the same street as jam_builds_up through a faulty camera."""


@dataclass(frozen=True, slots=True, eq=False)
class Vehicle:
    """A vehicle's boxes with its true speeds (km/h) and places on the ground (metres, its middle), time by time."""

    track: Track
    speeds_kmh: np.ndarray
    ground_m: np.ndarray


@cache
def truth(clip: str) -> dict:
    """The truth file of a clip."""
    return json.loads((FOLDER / f"{clip}.json").read_text())


def lens_of(clip: str) -> Lens:
    """What bends the clip's picture, if anything does."""
    camera = truth(clip)["camera"]
    (fx, _, cx), (_, fy, cy), _ = camera["intrinsics"]
    return Lens((fx, fy), (cx, cy), tuple(camera["distortion"]))


def true_plane(clip: str) -> GroundPlane:
    """Its ground plane."""
    content = truth(clip)
    homography = np.array(content["camera"]["pixel_to_ground"])
    facing = np.sign((homography @ [content["width_px"] / 2, content["height_px"], 1])[2])
    return GroundPlane(homography * facing, content["width_px"], content["height_px"], lens=lens_of(clip))


@cache
def vehicles(clip: str, seed: int = 0, jitter_px: float = 0.0, least_visible: float = 0.5) -> tuple[Vehicle, ...]:
    """Its vehicles while enough of them is visible, by the boxes around what is, with noise on each side."""
    rng = np.random.default_rng(seed)
    rows: dict[tuple[int, str], list[tuple[float, list[float], float, list[float]]]] = {}
    for frame in truth(clip)["frames"]:
        for thing in frame["objects"]:
            if thing["class"] in {"car", "motorcycle", "bus", "truck"} and thing["visible"] >= least_visible:
                row = (frame["time_s"], thing["visible_box"], thing["speed_kmh"], thing["ground_m"])
                rows.setdefault((thing["track"], thing["class"]), []).append(row)
    size = np.tile([truth(clip)["width_px"], truth(clip)["height_px"]], 2)
    found = []
    for (_, kind), seen in rows.items():
        times, boxes, speeds, ground = (np.array(column, float) for column in zip(*seen, strict=True))
        noisy = np.clip(boxes + rng.normal(0, jitter_px, boxes.shape), 0, size)
        if (noisy[:, 2:] > noisy[:, :2]).all():
            found.append(Vehicle(Track(kind, times, noisy), speeds, ground))
    return tuple(found)


def traffic(clip: str, seed: int = 0, jitter_px: float = 1.0) -> Traffic:
    """Its vehicles' tracks, and its lens as if a maker had told it."""
    tracks = tuple(vehicle.track for vehicle in vehicles(clip, seed, jitter_px))
    return Traffic(truth(clip)["width_px"], truth(clip)["height_px"], tracks, lens_of(clip))


def speed_ratios(clip: str, plane: GroundPlane, span_s: float = 1.0) -> np.ndarray:
    """Measured over true speed of every vehicle, for every `span_s` in which it drove at least 5 km/h.

    Measured is the way of the middle of the lower edge of its box, while all of it shows, on the stretch that the
    clip's first zone spans: there the box measures speeds.
    """
    stretch = np.array(truth(clip)["zones"][0]["ground_m"])[:, 1]
    width, height = truth(clip)["width_px"], truth(clip)["height_px"]
    ratios = []
    for vehicle in vehicles(clip, least_visible=0.9):
        boxes = vehicle.track.boxes
        whole = (boxes[:, :2] > 2).all(axis=1) & (boxes[:, 2:] < [width - 2, height - 2]).all(axis=1)
        feet, times = plane.to_ground(vehicle.track.feet), vehicle.track.times
        for start in range(0, len(times), 2):
            end = int(np.searchsorted(times, times[start] + span_s - 1e-6))
            if end >= len(times) or not whole[start : end + 1].all() or times[end] - times[start] > span_s + 0.2:
                continue
            ends = vehicle.ground_m[[start, end], 1]
            if ends.min() < stretch.min() or ends.max() > stretch.max():
                continue
            speed = vehicle.speeds_kmh[start : end + 1].mean()
            if speed >= 5:
                way = np.hypot(*(feet[end] - feet[start]))
                ratios.append(way / (times[end] - times[start]) * 3.6 / speed)
    return np.array(ratios)
