"""From a camera's section of the configuration to its rules about its own faults."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from calibration.focal import focal_px
from calibration.ground import GroundPlane
from contract.kinds import CameraFault
from contract.settings.camera_fault import CameraFaultSection
from edge.config.cameras import CameraSection
from edge.incidents.camera_fault import FROM_THE_PICTURE, CameraFaultRule, CameraFaultSettings
from edge.incidents.offline import OfflineRule
from edge.incidents.rule import Rule
from edge.perception.quality.memory import FileMemory


def camera_fault_rules(camera: CameraSection, ground: GroundPlane | None) -> Iterator[Rule]:
    """Its rules about what its picture shows and about what it does not send, where it wants them.

    Args:
        camera: its section.
        ground: in metres, where the camera is calibrated: tells how wide its view is.
    """
    section = camera.incidents.camera_fault
    if section is None:
        return
    if CameraFault.OFFLINE in section.faults:
        yield OfflineRule(section.offline_after, section.hold)
    settings = camera_fault_settings(section, ground)
    if settings.faults:
        yield CameraFaultRule(settings)


def camera_fault_settings(section: CameraFaultSection, ground: GroundPlane | None) -> CameraFaultSettings:
    """What the section says of the picture, in seconds."""
    focal = focal_px(ground) if ground else None
    return CameraFaultSettings(
        faults=tuple(fault for fault in FROM_THE_PICTURE if fault in section.faults),
        min_duration_s=section.min_duration,
        hold_s=section.hold,
        focal_share=focal / ground.width if focal and ground else None,
    )


def view_memory(folder: Path, name: str, camera: CameraSection) -> FileMemory:
    """Where the camera's usual view is kept: as long as the zones drawn on it stay.

    Args:
        folder: of the box's state.
        name: the camera's id.
        camera: its section.
    """
    return FileMemory(folder / "views" / f"{name}.npz", drawn(camera))


def drawn(camera: CameraSection) -> str:
    """A digest of the zones drawn on a camera's view: another one, and somebody has accepted another view."""
    zones = repr(sorted((zone, section.points) for zone, section in camera.zones.items()))
    return hashlib.sha256(zones.encode()).hexdigest()[:16]
