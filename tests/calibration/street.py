"""Traffic before a camera of a known mount, as a detector and a tracker would report it.

The bodies are not those of `calibration.traffic.bodies`: outlines, sizes and their mixture differ between streets.
"""

from dataclasses import dataclass

import numpy as np

from calibration.ground import GroundPlane
from calibration.lens import Lens
from calibration.traffic.mount import Mount
from calibration.traffic.tracks import Track, Traffic

WIDTH, HEIGHT = 1280, 720
FPS = 5.0
SECONDS = 180.0

CARS = {
    # length, width without mirrors, height; bonnet's and windscreen's ends and the rear end of the roof from the nose.
    "hatch": (3.75, 1.67, 1.50, 0.85, 1.75, 3.5),
    "van": (4.40, 1.73, 1.69, 0.90, 1.80, 4.1),
    "suv": (4.75, 1.84, 1.82, 1.15, 2.00, 4.3),
    "sedan": (4.50, 1.75, 1.46, 1.25, 2.10, 3.4),
    "minibus": (3.85, 1.60, 1.85, 0.35, 0.95, 3.7),
}


@dataclass(frozen=True, slots=True)
class Street:
    """Traffic and its truth: per track its true places along the road, metres, at its times."""

    traffic: Traffic
    truth: GroundPlane
    places: tuple[np.ndarray, ...]


@dataclass(frozen=True, slots=True)
class Detector:
    """How a detector errs."""

    jitter_px: float = 1.0
    jitter_share: float = 0.02
    bias_share: float = 0.02
    missed: float = 0.15
    mistaken: float = 0.03


def random_mount(rng: np.random.Generator) -> Mount:
    """A camera as they hang over streets: 5–12 m high, looking at the road 14–50 m away, along it or aslant."""
    height = rng.uniform(5, 12)
    focal = WIDTH * np.exp(rng.uniform(np.log(0.5), np.log(1.6)))
    tilt = np.arctan(height / rng.uniform(14, 50))
    return Mount(focal, (WIDTH / 2, HEIGHT / 2), height, tilt, rng.normal(0, np.radians(0.8)), rng.uniform(-0.45, 0.45))


def simulate(
    mount: Mount, seed: int, *, seconds: float = SECONDS, per_minute: float = 60.0, lens: Lens | None = None,
    detector: Detector | None = None, cars: float = 0.45, lanes: tuple[float, ...] | None = None,
) -> Street:  # fmt: skip
    """Three minutes of a two-way street, four lanes, cars and motorcycles and a few lorries."""
    rng = np.random.default_rng(seed)
    detector = detector or Detector()
    mixture = rng.dirichlet([2.0, 4.0, 2.0, 1.0, 1.0])
    moto_height = 1.1 * np.exp(rng.normal(0, 0.08))
    aim = 25 * np.tan(-mount.heading)  # where the road must lie to cross the picture's middle 25 m away
    middle = aim + rng.uniform(-4, 4)
    offsets = np.array(lanes) if lanes else np.array([-5.1, -1.7, 1.7, 5.1])
    boxes_at: dict[int, list[tuple[int, float, np.ndarray]]] = {}
    kinds: list[str] = []
    for start in np.sort(rng.uniform(-15, seconds, rng.poisson(per_minute / 60 * (seconds + 15)))):
        lane = int(rng.integers(len(offsets)))
        coming = offsets[lane] > 0
        kind = str(rng.choice(["car", "motorcycle", "truck"], p=[cars, 0.95 - cars, 0.05]))
        outline = _outline(kind, rng, mixture, moto_height)
        speed = (rng.normal(9.5, 1.5) if kind != "motorcycle" else rng.normal(11, 2)) * 0.9
        speed = max(3.0, float(speed))
        phase, drift = rng.uniform(0, 6.28), (0.5 if kind == "motorcycle" else 0.12)
        aside = rng.normal(0, 0.8 if kind == "motorcycle" else 0.2)
        number = len(kinds)
        kinds.append(kind)
        for frame in range(max(0, int(np.ceil(start * FPS))), int(seconds * FPS)):
            gone = frame / FPS - start
            way = speed * gone + 1.5 * np.sin(0.4 * gone + phase)
            y = 140 - way if coming else way - 5
            if not -5 <= y <= 140:
                break
            x = middle + offsets[lane] + aside + drift * np.sin(0.5 * gone + phase)
            box = _box(mount, lens, outline * [1, -1 if coming else 1, 1] + [x, y, 0])
            if box is not None:
                boxes_at.setdefault(frame, []).append((number, y, box))
    return _reported(boxes_at, kinds, mount, lens, detector=detector, rng=rng)


def _reported(
    boxes_at: dict[int, list[tuple[int, float, np.ndarray]]], kinds: list[str], mount: Mount, lens: Lens | None,
    *, detector: Detector, rng: np.random.Generator,
) -> Street:  # fmt: skip
    bias = rng.normal(0, detector.bias_share, (len(kinds), 4))
    rows: dict[int, list[tuple[float, np.ndarray, float]]] = {}
    for frame, vehicles in sorted(boxes_at.items()):
        nearer: list[np.ndarray] = []
        for number, y, box in sorted(vehicles, key=lambda vehicle: vehicle[1]):
            seen = _unhidden(box, nearer)
            nearer.append(box)
            if seen is None or rng.random() < detector.missed:
                continue
            size = np.tile(seen[2:] - seen[:2], 2)
            seen = seen + size * bias[number] + rng.normal(0, detector.jitter_px + detector.jitter_share * size)
            seen = np.clip(seen, 0, [WIDTH, HEIGHT, WIDTH, HEIGHT])
            if (seen[2:] - seen[:2] > 6).all():
                rows.setdefault(number, []).append((frame / FPS, seen, y))
    tracks, places = [], []
    for number, sightings in rows.items():
        kind = kinds[number]
        if rng.random() < detector.mistaken:
            kind = "motorcycle" if kind == "car" else "car"
        cut = len(sightings) // 2 if rng.random() < 0.2 else 0
        for part in (sightings[:cut], sightings[cut:]):
            if part:
                times, boxes, along = (np.array(column) for column in zip(*part, strict=True))
                tracks.append(Track(kind, times, boxes))
                places.append(along)
    truth = GroundPlane(mount.homography(), WIDTH, HEIGHT, lens=lens)
    return Street(Traffic(WIDTH, HEIGHT, tuple(tracks), lens), truth, tuple(places))


def _outline(kind: str, rng: np.random.Generator, mixture: np.ndarray, moto_height: float) -> np.ndarray:
    """Points [n, 3] around a body: across, along (nose positive), up."""
    if kind == "motorcycle":
        length, width, height = np.array([1.92, 0.68, moto_height]) * np.exp(rng.normal(0, [0.04, 0.08, 0.05]))
        wheels = [(0, side * (length / 2 - 0.28) + 0.28 * np.cos(a), 0.28 + 0.28 * np.sin(a))
                  for side in (-1, 1) for a in np.linspace(0, 6.28, 9)]  # fmt: skip
        rest = [(s * width / 2, 0.4, height * 0.93) for s in (-1, 1)] + [(s * 0.15, -0.8, 0.75) for s in (-1, 1)]
        return np.array([*wheels, *rest, (-width / 3, 0.4, height), (width / 3, 0.4, height)])
    if kind == "truck":
        length, width, height = rng.uniform(5, 10), rng.uniform(1.8, 2.5), rng.uniform(2, 3.4)
        return np.array([(s * width / 2, e * length / 2, z) for s in (-1, 1) for e in (-1, 1) for z in (0, height)])
    length, width, height, bonnet, screen, roof = CARS[str(rng.choice(list(CARS), p=mixture))]
    scale = np.exp(rng.normal(0, 0.02))
    nose = length / 2
    side = [(0.9, nose - 0.75, 0.0), (0.9, nose - length + 0.75, 0.0), (0.8, nose, 0.25), (0.8, nose, 0.65),
            (0.85, nose - bonnet * 0.3, 0.85), (0.97, nose - bonnet, 1.0), (0.97, nose - length, 0.9),
            (0.85, nose - length, 0.3), (0.78, nose - screen, height), (0.74, nose - (screen + roof) / 2, height),
            (0.76, nose - roof, height * 0.98), (0.9, nose - length + 0.1, 1.1),
            (1 + 0.24 / width, nose - bonnet - 0.35, 1.02)]  # fmt: skip
    return np.array([(s * share * width / 2, y, z) for share, y, z in side for s in (-1, 1)]) * scale


def _box(mount: Mount, lens: Lens | None, points: np.ndarray) -> np.ndarray | None:
    """Its box in the picture, cut at the edge; None where less than 30 % of it would be inside."""
    if ((points - [0, 0, mount.height_m]) @ mount.axes()[:, 2] < 1.0).any():
        return None
    pixels = mount.to_image(points)
    if lens is not None:
        pixels = lens.bend(pixels)
        if np.isnan(pixels).any():
            return None
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    inside_low, inside_high = np.clip(low, 0, [WIDTH, HEIGHT]), np.clip(high, 0, [WIDTH, HEIGHT])
    if np.prod(inside_high - inside_low) < 0.3 * np.prod(high - low) or high[1] - low[1] < 8:
        return None
    return np.concatenate([inside_low, inside_high])


def _unhidden(box: np.ndarray, nearer: list[np.ndarray]) -> np.ndarray | None:
    """What nearer boxes leave of a box: its lower part or a side is cut off; None where most of it is hidden."""
    left, top, right, bottom = box
    for other in nearer:
        across = min(right, other[2]) - max(left, other[0])
        down = min(bottom, other[3]) - max(top, other[1])
        if across <= 0 or down <= 0:
            continue
        if across > 0.8 * (right - left):
            bottom = min(bottom, max(top, other[1]))
        elif down > 0.8 * (bottom - top):
            left, right = (max(left, other[2]), right) if other[0] <= left else (left, min(right, other[0]))
        if right - left < 1 or bottom - top < 1:
            return None
    kept = (right - left) * (bottom - top)
    return np.array([left, top, right, bottom]) if kept > 0.5 * np.prod(box[2:] - box[:2]) else None


def speed_ratios(street: Street, plane: GroundPlane) -> np.ndarray:
    """Estimated over true speed of each car and motorcycle seen whole for a second or more."""
    ratios = []
    for track, along in zip(street.traffic.tracks, street.places, strict=True):
        boxes = track.boxes
        whole = (boxes[:, :2] > 3).all(axis=1) & (boxes[:, 2:] < [WIDTH - 3, HEIGHT - 3]).all(axis=1)
        if track.kind not in {"car", "motorcycle"} or whole.sum() < 6:
            continue
        feet, times, truth = plane.to_ground(track.feet[whole]), track.times[whole], along[whole]
        if not np.isfinite(feet).all():
            ratios.append(np.inf)
            continue
        measured = np.hypot(*np.polyfit(times, feet, 1)[0])
        ratios.append(float(measured / abs(np.polyfit(times, truth, 1)[0])))
    return np.array(ratios)
