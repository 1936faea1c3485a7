"""Where a box differs from what was decided."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from central.boxes.models import Box, Camera, DesiredVersion
from contract.settings.camera import digest_of


class Standing(StrEnum):
    """How a box stands to the newest version."""

    OWN_FILE = "own_file"
    """Nothing was decided here."""
    IN_FORCE = "in_force"
    UNDER_WAY = "under_way"
    REFUSED = "refused"
    DRIFTED = "drifted"
    """It names the version, but looks for something else."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A box beside the newest version.

    Attributes:
        wanted: its number; None where nothing was decided.
        differing: codes of cameras whose settings in force are not those decided.
        faults: place and text of what the box would not take.
    """

    standing: Standing
    wanted: int | None
    running: int | None
    differing: tuple[str, ...] = ()
    faults: tuple[dict[str, Any], ...] = ()


def drift_of(box: Box, version: DesiredVersion | None, cameras: list[Camera]) -> Drift:
    """How it stands, by its last heartbeat and what it last said of itself."""
    if version is None:
        standing = Standing.OWN_FILE if box.desired is None else Standing.DRIFTED
        return Drift(standing, None, box.desired)
    decided = version.document["cameras"]
    listed = [camera for camera in cameras if camera.listed and camera.code in decided]
    differing = tuple(camera.code for camera in listed if camera.digest != digest_of(decided[camera.code]))
    if box.refused.get("version") == version.number:
        faults = tuple(box.refused["faults"])
        return Drift(Standing.REFUSED, version.number, box.desired, differing, faults)
    if box.desired != version.number:
        return Drift(Standing.UNDER_WAY, version.number, box.desired, differing)
    return Drift(Standing.DRIFTED if differing else Standing.IN_FORCE, version.number, box.desired, differing)
