"""Whether a box would take these settings of a camera: the same types and the same rules as on the box."""

from typing import Any

from pydantic import ValidationError

from calibration.camera_file import CameraFile
from calibration.ground import CalibrationError
from calibration.zones import fault_of
from central.boxes.models import Camera
from contract.desired import Fault
from contract.kinds import Purpose
from contract.sentences import Sentence
from contract.settings.camera import CameraSettings, contradictions, polygons
from contract.settings.explaining import explain


class DoesNotHold(ValueError):  # noqa: N818 — what it is
    """Settings that a box would refuse; `faults` says where and why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.text}" for fault in faults))
        self.faults = faults


def checked(values: Any, camera: Camera) -> CameraSettings:
    """The settings of one camera.

    Raises:
        DoesNotHold: with every fault found; places are counted from the camera.
    """
    try:
        settings = CameraSettings.model_validate(values)
    except ValidationError as error:
        raise DoesNotHold([Fault.at(*explain(CameraSettings, detail)) for detail in error.errors()]) from error
    faults = [
        Fault.at(place, Sentence.of(error)) for place, polygon in polygons(settings) if (error := fault_of(polygon))
    ]
    faults += [Fault.at(place, text) for place, text in contradictions(settings, purposes_of(camera))]
    try:
        settings = settings.model_copy(update={"calibration": _whole(settings.calibration)})
    except DoesNotHold as error:
        faults += error.faults
    if faults:
        raise DoesNotHold(faults)
    return settings


def purposes_of(camera: Camera) -> tuple[Purpose, ...] | None:
    """What its box lets it serve; None for everything, or where the box has not said."""
    return None if camera.purpose is None else tuple(Purpose(purpose) for purpose in camera.purpose)


def _whole(calibration: Any) -> Any:
    """With every field, as a box says it back: what is in force can then be compared with what was decided."""
    if calibration is None:
        return None
    try:
        file = CameraFile.model_validate(calibration)
        file.plane()
    except ValidationError as error:
        told = [explain(CameraFile, detail) for detail in error.errors()]
        raise DoesNotHold([Fault.at(("calibration", *place), text) for place, text in told]) from error
    except CalibrationError as error:
        raise DoesNotHold([Fault.at(("calibration",), Sentence.of(error))]) from error
    return file.model_dump(mode="json")
