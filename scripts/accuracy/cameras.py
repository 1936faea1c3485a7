"""A camera file for a rendered clip: the truth's zones, what to look for in them, and short durations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from contract.kinds import IncidentKind, Purpose
from contract.settings.camera import ZONES_FOR
from contract.settings.incidents import IncidentsSection

SHORT_S = 5.0
"""Stands for the minutes of a city, so that a clip of a minute shows whole stories."""
DISCHARGE_S = 12.0
"""A queue needs so long to go once the light is green."""


def known_kinds() -> dict[IncidentKind, type[BaseModel]]:
    """The kinds that the installed box can look for, and the section that each has in a camera file."""
    found = {}
    for name, field in IncidentsSection.model_fields.items():
        sections = [option for option in (field.annotation, *get_args(field.annotation)) if _is_section(option)]
        found[IncidentKind(name)] = sections[0]
    return found


def camera_for(truth: Mapping[str, Any], name: str, kinds: Collection[IncidentKind]) -> dict[str, Any]:
    """The camera file (to be written as YAML) for a rendered clip.

    Args:
        truth: the document beside the clip.
        name: id of the camera.
        kinds: which may be looked for; of these the box must know all.
    """
    zones = {zone["name"]: {"kind": zone["kind"], "points": zone["polygon"]} for zone in truth["zones"]}
    wanted: dict[IncidentKind, list[str]] = {IncidentKind.CAMERA_FAULT: []}
    for zone in truth["zones"]:
        for kind, zone_kinds in ZONES_FOR.items():
            if zone["kind"] in zone_kinds:
                wanted.setdefault(kind, []).append(zone["name"])
    known = known_kinds()
    incidents = {
        kind.value: _section(known[kind], where, _least_s(kind, truth))
        for kind, where in wanted.items()
        if kind in kinds
    }
    purpose = [purpose.value for purpose in Purpose]
    return {"cameras": {name: {"purpose": purpose, "zones": zones, "incidents": incidents}}}


def longest_wait_s(frames: Sequence[Mapping[str, Any]]) -> float:
    """How long the main street waits at most for its next green, seconds; 0 where no signal stands."""
    waits = []
    for waiting, run in groupby(frames, key=lambda frame: frame.get("signals", {}).get("main", "green") != "green"):
        times = [frame["time_s"] for frame in run]
        waits.append(times[-1] - times[0] if waiting else 0.0)
    return max(waits, default=0.0)


def _least_s(kind: IncidentKind, truth: Mapping[str, Any]) -> float:
    """A jam must outlast a red light and the discharge of its queue; everything else is a problem soon."""
    wait_s = longest_wait_s(truth["frames"]) if kind is IncidentKind.JAM else 0.0
    return wait_s + DISCHARGE_S if wait_s else SHORT_S


def _section(section: type[BaseModel], zones: Sequence[str], least_s: float) -> dict[str, Any]:
    asked = {"min_duration": f"{least_s:g}s", "dwell": f"{least_s:g}s", "hold": f"{SHORT_S:g}s", "zones": list(zones)}
    return {name: value for name, value in asked.items() if name in section.model_fields}


def _is_section(option: object) -> bool:
    return isinstance(option, type) and issubclass(option, BaseModel)


def reduced(document: Mapping[str, Any], kinds: Collection[IncidentKind], folder: Path) -> dict[str, Any]:
    """A camera file that looks for these kinds only.

    Args:
        document: a camera file as it was read.
        kinds: which may be looked for.
        folder: where the file lay: what it refers to is there.
    """
    cameras = {}
    for name, camera in document["cameras"].items():
        incidents = {kind: section for kind, section in camera.get("incidents", {}).items() if kind in kinds}
        cameras[name] = {**camera, "incidents": incidents}
        if "calibration" in camera:
            cameras[name]["calibration"] = str((folder / camera["calibration"]).resolve())
    return {**document, "cameras": cameras}
