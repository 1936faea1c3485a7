"""The whole file, and what must hold between its sections."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from calibration import camera_file
from calibration.camera_file import CameraFile
from calibration.ground import CalibrationError, GroundPlane
from calibration.zones import fault_of
from contract.ids import CameraId
from contract.schedule import WIB
from contract.settings.camera import CameraSettings, contradictions, polygons
from contract.settings.explaining import Place, explain
from contract.settings.section import Section
from edge.config.box import BoxSection
from edge.config.cameras import CameraSection
from edge.config.models import ModelsSection
from edge.config.mqtt import MqttSection
from edge.config.problems import ConfigError, Problem
from edge.config.source import Source, read_source
from edge.incidents.permits import Permit

Use = Literal["run", "analyze"]


class Document(Section):
    """box.yaml; for `analyze`, box, mqtt and inputs may be left out."""

    box: Annotated[BoxSection | None, Field(title="Box")] = None
    mqtt: Annotated[MqttSection | None, Field(title="MQTT")] = None
    models: Annotated[ModelsSection, Field(title="Models")] = ModelsSection()
    cameras: Annotated[dict[CameraId, CameraSection], Field(title="Cameras", min_length=1)]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A document that was checked, where it came from, and what one should still know about it.

    Attributes:
        document: the box's file, with what the centre decided in place of what stands there.
        desired: number of the version that the centre decided, if any.
        calibrations: of the cameras about which the centre decided.
        permits: of the centre's list, those within reach of each camera.
    """

    document: Document
    folder: Path
    version: str
    warnings: tuple[Problem, ...]
    source: Source = field(repr=False)
    desired: int | None = None
    calibrations: Mapping[str, CameraFile | None] = field(default_factory=dict)
    permits: Mapping[str, tuple[Permit, ...]] = field(default_factory=dict)

    def calibration_of(self, camera: str) -> GroundPlane | None:
        """The camera's ground plane, if it has one."""
        file = self._camera_file_of(camera)
        return None if file is None else file.plane()

    def settings_of(self, camera: str) -> CameraSettings:
        """What is in force for a camera, wherever it was decided; without the permits."""
        section, file = self.document.cameras[camera], self._camera_file_of(camera)
        return CameraSettings(
            zones=section.zones,
            incidents=section.incidents,
            privacy_masks=section.privacy_masks,
            calibration=None if file is None else file.model_dump(mode="json"),
        )

    def _camera_file_of(self, camera: str) -> CameraFile | None:
        if camera in self.calibrations:
            return self.calibrations[camera]
        path = self.document.cameras[camera].calibration
        return None if path is None else camera_file.read_camera(self.folder / path)

    def time_zone_of(self, camera: str) -> ZoneInfo:
        """The zone of the camera's clock: its own, else the box's, else Asia/Jakarta."""
        box = self.document.box
        return self.document.cameras[camera].time_zone or (box.time_zone if box else WIB)

    def problem(self, path: Place, text: str) -> Problem:
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
        raise ConfigError([source.problem(*explain(Document, detail)) for detail in error.errors()]) from error
    problems = [*_missing_for(use, source, document), *_between_sections(source, document)]
    errors = [problem for problem in problems if not problem.warning]
    if errors:
        raise ConfigError(errors)
    warnings = tuple(problem for problem in problems if problem.warning)
    return Configuration(document, file.parent, f"file:{digest_of(document)}", warnings, source)


def digest_of(document: Document) -> str:
    """Twelve digits that change with what is decided, not with addresses and their secrets."""
    canonical = json.dumps(document.model_dump(mode="json", exclude={"cameras": {"__all__": {"inputs"}}}))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


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


def _of_camera(source: Source, path: Place, camera: CameraSection) -> Iterator[Problem]:
    if camera.purpose is None:
        yield source.problem(path, "no purpose: taken as all purposes; say what this camera may serve", warning=True)
    for place, polygon in polygons(camera):
        if fault := fault_of(polygon):
            yield source.problem((*path, *place), str(fault))
    if camera.calibration is not None:
        try:
            camera_file.load(source.file.parent / camera.calibration)
        except CalibrationError as error:
            yield source.problem((*path, "calibration"), f"{error}; make it with `sigap-calibrate fit`")
    for place, text in contradictions(camera, camera.purpose):
        yield source.problem((*path, *place), text)
