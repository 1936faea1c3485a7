"""The layers of a debug picture: each draws one part of an observation onto the enlarged picture, in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import cv2
import numpy as np

from contract.ids import ZoneId
from contract.kinds import IncidentKind
from contract.settings.zones import ZoneSection
from edge.debug_video import canvas, palette
from edge.incidents.lifecycle import EpisodeState, Stage
from edge.perception.observation import Observation, PictureQuality, Track, ZoneTraffic, ZoneWater
from edge.picture import Image
from models.boxes import overlaps

States = Mapping[tuple[str, str], EpisodeState]
"""Where each (kind, zone or fault of the camera) stands."""
Zones = Mapping[ZoneId, ZoneSection]

SMALL, NORMAL = 0.42, 0.5
HEADLINE_PX = 34
SHOWN_WATER = 0.02
"""Less is a few stray pixels."""
SHOWN_SCORE = 0.3
"""Less certain boxes are kept for masking, and would only hide the street here."""
LABELLED_FROM_PX = 46
"""Labels of narrower boxes would cover one another."""
SAME_BOX_IOU = 0.5
STANDS_BELOW_KMH, FLOWS_FROM_KMH = 3.0, 15.0
LENGTH_S_KMH = 16.2
"""A car length (4.5 m) a second, in km/h."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The picture, enlarged by `scale`, that the layers draw on."""

    image: Image
    scale: float


def draw_zones(sheet: Sheet, zones: Zones, states: States) -> None:
    """Each zone in the colour of its kind; it is filled with the colour of what is open or suspected in it."""
    height, width = sheet.image.shape[:2]
    for name, zone in zones.items():
        corners = np.asarray(zone.points, float) * (width, height)
        colour = palette.ZONES[zone.kind]
        filling, share = colour, 0.1
        for (kind, where), state in states.items():
            if where == name and state.open:
                filling, share = palette.INCIDENTS[IncidentKind(kind)], 0.22
            elif where == name and state.stage is Stage.SUSPECTED and share < 0.2:
                filling, share = palette.SUSPECTED, 0.2
        canvas.tint(sheet.image, canvas.filled(corners, sheet.image), filling, share)
        canvas.outline(sheet.image, corners, colour)


def draw_water(sheet: Sheet, zones: Zones, water: Sequence[ZoneWater]) -> None:
    """A tint over each zone with water in it, the stronger the larger the share."""
    height, width = sheet.image.shape[:2]
    for here in water:
        if here.zone in zones and here.share >= SHOWN_WATER:
            corners = np.asarray(zones[here.zone].points, float) * (width, height)
            canvas.tint(sheet.image, canvas.filled(corners, sheet.image), palette.WATER, 0.15 + 0.4 * here.share)


def draw_zone_names(sheet: Sheet, zones: Zones, observation: Observation) -> None:
    """Each zone's name at its lowest corner, with its traffic and water where the look could tell."""
    height, width = sheet.image.shape[:2]
    for name, zone in zones.items():
        x, y = max(zone.points, key=lambda point: (point[1], -point[0]))
        traffic = observation.of(name)
        water = next((water for water in observation.water if water.zone == name), None)
        words = [name, told_traffic(traffic) if traffic else "", told_water(water) if water else ""]
        text = "  ".join(word for word in words if word)
        corner = (round(x * width), min(round(y * height), height - 4))
        canvas.chip(sheet.image, text, corner, palette.ZONES[zone.kind], NORMAL)


def told_traffic(traffic: ZoneTraffic) -> str:
    """A zone's traffic in a few words."""
    words = [f"{100 * traffic.occupancy:.0f} %", f"{traffic.vehicles:.0f} veh"]
    speed = told_speed(traffic.speed_kmh, traffic.speed_lengths_s)
    return "  ".join([*words, speed] if speed else words)


def told_water(water: ZoneWater) -> str:
    """A zone's water in a few words."""
    words = [f"water {100 * water.share:.0f} %"]
    if water.changed is not None:
        words.append(f"changed {100 * water.changed:.0f} %")
    if water.depth_cm is not None:
        words.append(f"{water.depth_cm:.0f} cm")
    return "  ".join(words)


def told_quality(quality: PictureQuality) -> str:
    """How good the picture is, in a few words; what is not known is left out."""
    words = [f"bright {quality.brightness:.2f}", f"contrast {quality.contrast:.2f}"]
    if quality.sharpness is not None:
        words.append(f"sharp {quality.sharpness:.2f}")
    if quality.alike is not None:
        words.append(f"alike {quality.alike:.2f}")
    if quality.shift_share is not None:
        words.append(f"shift {100 * quality.shift_share:.0f} %")
    if quality.frozen_s:
        words.append(f"frozen {quality.frozen_s:.0f} s")
    return "  ".join(words)


def told_speed(kmh: float | None, lengths_s: float | None) -> str:
    """In km/h where the camera is calibrated, else in vehicle lengths a second; empty where it is not known."""
    if kmh is not None:
        return f"{kmh:.0f} km/h" if kmh >= 9.5 else f"{kmh:.1f} km/h"
    return "" if lengths_s is None else f"{lengths_s:.1f} len/s"


def draw_vehicles(sheet: Sheet, tracks: Sequence[Track]) -> None:
    """Followed vehicles: red stands, amber creeps, green flows, white is not known, grey is parked."""
    for track in sorted(tracks, key=lambda track: track.box[3]):
        box = [value * sheet.scale for value in track.box]
        colour = speed_colour(track)
        canvas.bracket(sheet.image, box, colour, 2)
        if box[2] - box[0] >= LABELLED_FROM_PX:
            canvas.chip(sheet.image, _label(track, box[2] - box[0]), (round(box[0]), round(box[1])), colour, SMALL)


def _label(track: Track, width_px: float) -> str:
    """Class and speed, or the speed alone where there is no room for both."""
    known = track.speed_lengths_s if track.speed_kmh is None else track.speed_kmh
    speed = "parked" if track.parked else "" if known is None else f"{known:.{0 if known >= 9.5 else 1}f}"
    whole = f"{track.kind} {speed}".strip()
    return whole if not speed or canvas.text_size(whole, SMALL)[0] <= width_px else speed


def speed_colour(track: Track) -> palette.Colour:
    """See `draw_vehicles`."""
    if track.parked:
        return palette.MUTED
    kmh = track.speed_kmh
    if kmh is None and track.speed_lengths_s is not None:
        kmh = track.speed_lengths_s * LENGTH_S_KMH
    if kmh is None:
        return palette.WHITE
    if kmh < STANDS_BELOW_KMH:
        return palette.STANDS
    return palette.CREEPS if kmh < FLOWS_FROM_KMH else palette.FLOWS


def draw_detections(sheet: Sheet, observation: Observation) -> None:
    """What was seen and is no track: people, vendors, vehicles of a glance; the thinner the border, the less sure."""
    seen = observation.detections.above(SHOWN_SCORE)
    tracks = np.array([track.box for track in observation.tracks], np.float32).reshape(-1, 4)
    loose = seen[overlaps(seen.boxes, tracks).max(axis=1, initial=0.0) < SAME_BOX_IOU]
    colours = {"person": palette.PERSON, "vendor": palette.VENDOR}
    for box, score, label in zip(loose.boxes, loose.scores, loose.labels(), strict=True):
        corners = [float(value) * sheet.scale for value in box]
        colour = colours.get(label, palette.WHITE)
        canvas.bracket(sheet.image, corners, colour, 2 if score >= 0.5 else 1)
        if label == "vendor" or corners[2] - corners[0] >= LABELLED_FROM_PX:
            place = (round(corners[0]), round(corners[1]))
            canvas.chip(sheet.image, f"{label} {score:.2f}", place, colour, SMALL)


def draw_headline(width_px: int, observation: Observation, recorded_s: float) -> Image:
    """A band above the picture: camera, time, the unit of speeds, the picture's quality, kind and span of the look."""
    band: Image = np.full((HEADLINE_PX, width_px, 3), palette.INK, np.uint8)
    base = HEADLINE_PX - 12
    moment = datetime.fromtimestamp(observation.time, UTC)
    left = 12
    for text, colour in (
        (observation.camera, palette.WHITE),
        (f"{moment:%Y-%m-%d %H:%M:%S} UTC", palette.MUTED),
        (_unit(observation), palette.MUTED),
        (told_quality(observation.quality) if observation.quality else "", palette.QUALITY),
    ):
        canvas.write(band, text, (left, base), colour, NORMAL)
        left += canvas.text_size(text, NORMAL)[0] + 24
    if observation.cut:
        canvas.chip(band, "picture jumped", (left, HEADLINE_PX - 6), palette.CREEPS, NORMAL)
    span_s = observation.time - observation.since
    look = f"{observation.kind.value} {span_s:.1f} s" if span_s else observation.kind.value
    text = f"{look}   {recorded_s:6.1f} s"
    canvas.write(band, text, (width_px - canvas.text_size(text, NORMAL)[0] - 12, base), palette.WHITE, NORMAL)
    return band


def _unit(observation: Observation) -> str:
    """What the numbers beside the vehicles mean."""
    if any(track.speed_kmh is not None for track in observation.tracks):
        return "speeds in km/h"
    return "speeds in vehicle lengths/s" if observation.tracks else ""


def enlarged(image: Image, width_px: int) -> Sheet:
    """A copy at least so wide, for labels that can be read; larger pictures keep their size."""
    scale = max(1.0, width_px / image.shape[1])
    # H.264 with halved colour takes even sides only.
    size = (round(image.shape[1] * scale / 2) * 2, round(image.shape[0] * scale / 2) * 2)
    return Sheet(np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_CUBIC), np.uint8), scale)
