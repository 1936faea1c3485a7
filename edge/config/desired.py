"""What the centre decided, laid over the box's file.

The file keeps what is the box's own: identity, broker, inputs, secrets, and what a camera may serve. Of a camera that
the centre names, it decides zones, incidents, privacy masks and calibration, all of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import structlog
from pydantic import ValidationError

from calibration.camera_file import CameraFile
from calibration.geodesy import LonLat
from calibration.ground import CalibrationError
from calibration.zones import fault_of, fault_on_the_map
from contract.desired import Desired, DesiredError, Fault, ModelNames
from contract.sentences import Sentence
from contract.settings.camera import CameraSettings, contradictions, polygons
from contract.settings.explaining import Place, explain
from contract.settings.permits import DesiredPermit
from edge.config.cameras import CameraSection
from edge.config.document import Configuration, digest_of
from edge.config.models import ModelsSection
from edge.incidents.area import GroundZone
from edge.incidents.permits import Permit
from edge.perception.zone import Zone

REACH_M = 1000.0
"""From a camera's calibrated middle; farther away nobody is told apart, and the plane no longer follows the Earth."""

log = structlog.get_logger(__name__)


def decided(own: Configuration, desired: Desired) -> Configuration:
    """The configuration of the box's own file with this version over it.

    Raises:
        DesiredError: with everything that does not hold.
    """
    ours = {name: settings for name, settings in desired.cameras.items() if name in own.document.cameras}
    if passed_over := sorted(desired.cameras.keys() - ours.keys()):
        log.warning("desired names cameras that the box's file does not have", cameras=passed_over)
    files, faults = _camera_files(ours)
    for name, settings in ours.items():
        faults += (
            Fault.at(("cameras", name, *place), text) for place, text in _faults(settings, own.document.cameras[name])
        )
    faults += (
        Fault.at(("permits", index, *place), text)
        for index, permit in enumerate(desired.permits)
        for place, text in _faults_of_permit(permit)
    )
    if faults:
        raise DesiredError(desired.version, faults)
    cameras = {
        name: _laid_over(section, ours[name]) if name in ours else section
        for name, section in own.document.cameras.items()
    }
    document = own.document.model_copy(
        update={"cameras": cameras, "models": _named(own.document.models, desired.models)}
    )
    merged = replace(
        own,
        document=document,
        version=f"desired:{desired.version}:{digest_of(document)}",
        desired=desired.version,
        calibrations=files,
    )
    permits = {name: tuple(_within_reach(merged, name, desired)) for name in cameras}
    return replace(merged, permits=permits)


def _camera_files(cameras: Mapping[str, CameraSettings]) -> tuple[dict[str, CameraFile | None], list[Fault]]:
    files: dict[str, CameraFile | None] = {}
    faults: list[Fault] = []
    for name, settings in cameras.items():
        here = ("cameras", name, "calibration")
        try:
            files[name] = None if settings.calibration is None else CameraFile.model_validate(settings.calibration)
            if (file := files[name]) is not None:
                file.plane()
        except ValidationError as error:
            for detail in error.errors():
                place, text = explain(CameraFile, detail)
                faults.append(Fault.at((*here, *place), text))
        except CalibrationError as error:
            faults.append(Fault.at(here, Sentence.of(error)))
    return files, faults


def _faults(settings: CameraSettings, section: CameraSection) -> Iterator[tuple[Place, str]]:
    for place, polygon in polygons(settings):
        if fault := fault_of(polygon):
            yield place, Sentence.of(fault)
    yield from contradictions(settings, section.purpose)


def _faults_of_permit(permit: DesiredPermit) -> Iterator[tuple[Place, str]]:
    if permit.points is not None and (fault := fault_of(permit.points)):
        yield ("points",), Sentence.of(fault)
    if permit.lonlat is not None and (fault := fault_on_the_map(permit.lonlat)):
        yield ("lonlat",), Sentence.of(fault)


def _laid_over(section: CameraSection, settings: CameraSettings) -> CameraSection:
    return section.model_copy(
        update={
            "zones": settings.zones,
            "incidents": settings.incidents,
            "privacy_masks": settings.privacy_masks,
            "calibration": None,
        }
    )


def _named(section: ModelsSection, names: ModelNames) -> ModelsSection:
    return section.model_copy(update=names.model_dump(exclude_none=True))


def _within_reach(configuration: Configuration, camera: str, desired: Desired) -> Iterator[Permit]:
    ground = configuration.calibration_of(camera)
    origin = None if ground is None else ground.origin
    for permit in desired.permits:
        if permit.points is not None:
            if permit.camera == camera:
                yield _permit(permit, Zone(permit.sk, permit.points))
        elif origin is not None and (place := _on_the_ground(permit, origin)) is not None:
            yield _permit(permit, place)


def _on_the_ground(permit: DesiredPermit, origin: LonLat) -> GroundZone | None:
    metres = origin.metres(np.array(permit.lonlat))
    if np.hypot(*metres.T).min() > REACH_M:
        return None
    return GroundZone(permit.sk, tuple((float(x), float(y)) for x, y in metres))


def _permit(permit: DesiredPermit, place: Zone | GroundZone) -> Permit:
    return Permit(permit.sk, place, permit.valid_from, permit.valid_to, permit.hours, permit.capacity, permit.time_zone)
