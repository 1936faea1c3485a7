"""The whole file, and what must hold between its sections."""

import difflib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import Field, ValidationError

from calibration import camera_file
from calibration.ground import CalibrationError, GroundPlane
from calibration.zones import Zone, ZoneError
from contract.ids import NAME_PATTERN, NAME_RULE, CameraId
from contract.kinds import PURPOSE_OF, IncidentKind, ZoneKind
from contract.schedule import WIB
from edge.config.box import BoxSection
from edge.config.cameras import CameraSection
from edge.config.models import ModelsSection
from edge.config.mqtt import MqttSection
from edge.config.problems import ConfigError, Problem
from edge.config.section import Section
from edge.config.source import Path_, Source, read_source

ZONES_FOR: dict[IncidentKind, frozenset[ZoneKind]] = {
    IncidentKind.JAM: frozenset({ZoneKind.ROADWAY}),
    IncidentKind.FLOOD: frozenset({ZoneKind.ROADWAY}),
    IncidentKind.VENDING: frozenset({ZoneKind.NO_VENDING}),
    IncidentKind.PARKING: frozenset({ZoneKind.NO_PARKING}),
}
Use = Literal["run", "analyze"]


class Document(Section):
    """box.yaml; for `analyze`, box, mqtt and inputs may be left out."""

    box: Annotated[BoxSection | None, Field(title="Box")] = None
    mqtt: Annotated[MqttSection | None, Field(title="MQTT")] = None
    models: Annotated[ModelsSection, Field(title="Models")] = ModelsSection()
    cameras: Annotated[dict[CameraId, CameraSection], Field(title="Cameras", min_length=1)]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A document that was checked, where it came from, and what one should still know about it."""

    document: Document
    folder: Path
    version: str
    warnings: tuple[Problem, ...]
    source: Source = field(repr=False)

    def calibration_of(self, camera: str) -> GroundPlane | None:
        """The camera's ground plane, if it has one."""
        file = self.document.cameras[camera].calibration
        return None if file is None else camera_file.load(self.folder / file)

    def time_zone_of(self, camera: str) -> ZoneInfo:
        """The zone of the camera's clock: its own, else the box's, else Asia/Jakarta."""
        box = self.document.box
        return self.document.cameras[camera].time_zone or (box.time_zone if box else WIB)

    def problem(self, path: Path_, text: str) -> Problem:
        """Places what showed only in use, for example that a device is not there, in the file."""
        return self.source.problem(path, text)


def load(file: Path, use: Use = "run") -> Configuration:
    """Reads and checks a file.

    Raises:
        ConfigError: with every problem found, each with its line, key and remedy.
    """
    source = read_source(file)
    try:
        document = Document.model_validate(source.values)
    except ValidationError as error:
        raise ConfigError([_explained(source, detail) for detail in error.errors()]) from error
    problems = [*_missing_for(use, source, document), *_between_sections(source, document)]
    errors = [problem for problem in problems if not problem.warning]
    if errors:
        raise ConfigError(errors)
    canonical = json.dumps(document.model_dump(mode="json", exclude={"cameras": {"__all__": {"inputs"}}}))
    version = hashlib.sha256(canonical.encode()).hexdigest()[:12]
    return Configuration(document, file.parent, f"file:{version}", tuple(p for p in problems if p.warning), source)


def _explained(source: Source, detail: Any) -> Problem:
    path: Path_ = tuple(part for part in detail["loc"] if part != "[key]")
    kind, text = detail["type"], detail["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return source.problem(path, _unknown_key(path))
    if kind == "missing":
        return source.problem(path, f"is missing; add {path[-1]}: under {'.'.join(map(str, path[:-1])) or 'the file'}")
    if kind == "string_pattern_mismatch" and detail.get("ctx", {}).get("pattern") == NAME_PATTERN:
        return source.problem(path, f"{detail['input']!r} cannot be a name: use {NAME_RULE}")
    given = "" if isinstance(detail["input"], dict | list) or "url" in path else f" (found {detail['input']!r})"
    return source.problem(path, f"{text[:1].lower()}{text[1:]}{given}")


def _unknown_key(path: Path_) -> str:
    name = str(path[-1])
    known = _keys_at(path[:-1])
    near = difflib.get_close_matches(name, known, n=1)
    remedy = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known))}"
    return f"unknown key; {remedy}"


def _keys_at(path: Path_) -> list[str]:
    schema = Document.model_json_schema()
    node: dict[str, Any] = schema
    for part in path:
        node = _follow(node, schema)
        node = (
            node.get("items", {}) if isinstance(part, int) else node.get("properties", {}).get(part) or _value_of(node)
        )
    return list(_follow(node, schema).get("properties", {}))


def _value_of(node: dict[str, Any]) -> dict[str, Any]:
    patterns: dict[str, Any] = node.get("patternProperties", {})
    return next(iter(patterns.values()), node.get("additionalProperties") or {})


def _follow(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for option in node.get("anyOf", ()):
        if "$ref" in option:
            node = option
    if "$ref" in node:
        found: dict[str, Any] = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        return found
    return node


def _missing_for(use: Use, source: Source, document: Document) -> Iterator[Problem]:
    if use == "analyze":
        return
    if document.box is None:
        yield source.problem((), "box is missing; add box: {id: …, state_dir: …}")
    if document.mqtt is None:
        yield source.problem((), "mqtt is missing; add mqtt: {url: …}")
    for name, camera in document.cameras.items():
        if camera.enabled and not camera.inputs:
            yield source.problem(("cameras", name), "no inputs; add inputs: [{url: rtsp://…}] or enabled: false")


def _between_sections(source: Source, document: Document) -> Iterator[Problem]:
    for name in ("ca", "cert", "key"):
        found = getattr(document.mqtt, name) if document.mqtt else None
        if found is not None and not (source.file.parent / found).is_file():
            yield source.problem(("mqtt", name), f"{source.file.parent / found} does not exist")
    for name, camera in document.cameras.items():
        yield from _of_camera(source, ("cameras", name), camera)


def _of_camera(source: Source, path: Path_, camera: CameraSection) -> Iterator[Problem]:
    if camera.purpose is None:
        yield source.problem(path, "no purpose: taken as all purposes; say what this camera may serve", warning=True)
    for zone, section in camera.zones.items():
        yield from _polygon(source, (*path, "zones", zone, "points"), section.points)
    for index, polygon in enumerate(camera.privacy_masks):
        yield from _polygon(source, (*path, "privacy_masks", index), polygon)
    if camera.calibration is not None:
        try:
            camera_file.load(source.file.parent / camera.calibration)
        except CalibrationError as error:
            yield source.problem((*path, "calibration"), f"{error}; make it with `sigap-calibrate fit`")
    if camera.incidents.vending is not None:
        for index, permit in enumerate(camera.incidents.vending.permits):
            here = (*path, "incidents", "vending", "permits", index, "points")
            yield from _polygon(source, here, permit.points)
    if camera.incidents.camera_fault is not None:
        yield from _purpose(source, path, camera, IncidentKind.CAMERA_FAULT)
    for kind, wanted in camera.incidents.wanted():
        yield from _purpose(source, path, camera, kind)
        yield from _zones(source, path, camera, kind, wanted.zones)


def _polygon(source: Source, path: Path_, points: tuple[tuple[float, float], ...]) -> Iterator[Problem]:
    try:
        Zone(np.array(points))
    except ZoneError as error:
        yield source.problem(path, str(error))


def _purpose(source: Source, path: Path_, camera: CameraSection, kind: IncidentKind) -> Iterator[Problem]:
    if camera.purpose is not None and PURPOSE_OF[kind] not in camera.purpose:
        yield source.problem(
            (*path, "incidents", kind.value),
            f"refused: {kind.value} serves {PURPOSE_OF[kind].value}, which is not in this camera's purpose",
        )


def _zones(
    source: Source, path: Path_, camera: CameraSection, kind: IncidentKind, zones: tuple[str, ...]
) -> Iterator[Problem]:
    here = (*path, "incidents", kind.value)
    for index, zone in enumerate(zones):
        if zone not in camera.zones:
            yield source.problem(
                (*here, "zones", index), f"no zone {zone!r} on this camera; known: {', '.join(camera.zones) or 'none'}"
            )
        elif camera.zones[zone].kind not in ZONES_FOR[kind]:
            wanted = " or ".join(sorted(ZONES_FOR[kind]))
            found = camera.zones[zone].kind.value
            yield source.problem((*here, "zones", index), f"zone {zone!r} is {found}; {kind.value} needs {wanted}")
