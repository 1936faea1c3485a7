"""What a table wants of cameras beside their names and places: which incidents, and which street segment."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _

from central.boxes.desired.checking import DoesNotHold, checked
from central.boxes.desired.saying import fault_in_words
from central.boxes.desired.versions import in_force
from central.boxes.models import Camera, Zone
from contract.kinds import IncidentKind, ZoneKind
from contract.settings.camera import ZONES_FOR, CameraSettings


def kinds_in(text: str) -> tuple[IncidentKind, ...]:
    """Codes apart by spaces.

    Raises:
        ValueError: one is none; for people.
    """
    try:
        return tuple(IncidentKind(code) for code in text.lower().split())
    except ValueError as error:
        known = " ".join(IncidentKind)
        raise ValueError(_("incidents “%(text)s”: write of %(known)s") % {"text": text, "known": known}) from error


def place_in(segment: str, direction: str) -> str:
    """As events and zones have it; empty where neither is given.

    Raises:
        ValueError: a direction of nothing; for people.
    """
    segment, direction = (part.replace(":", " ").strip() for part in (segment, direction))
    if direction and not segment:
        raise ValueError(_("a direction needs its segment"))
    return f"{segment}:{direction}" if direction else segment


def settings_with(camera: Camera | None, kinds: Sequence[IncidentKind], place: str) -> CameraSettings | None:
    """The camera's settings with these incidents and no others, and this place on its roadway; None where that is what
    holds already. No incidents: those stay. Thresholds of what was looked for before stay.

    Raises:
        ValueError: the box does not have the camera, a zone is missing, or the settings do not hold; for people.
    """
    if not kinds and not place:
        return None
    if camera is None or not camera.listed:
        raise ValueError(_("its box does not have this camera yet: leave incidents, segment and direction empty"))
    before = in_force(camera)
    wanted = deepcopy(before)
    zones = wanted.get("zones") or {}
    if place:
        _roadway(zones)["place"] = place
    if kinds:
        wanted["incidents"] = {kind.value: _section(kind, wanted.get("incidents") or {}, zones) for kind in kinds}
    try:
        return checked(wanted, camera) if wanted != before else None
    except DoesNotHold as error:
        told = "; ".join(f"{fault.place}: {fault_in_words(fault)}" for fault in error.faults)
        raise ValueError(told) from error


def _roadway(zones: dict[str, Any]) -> dict[str, Any]:
    found = [zone for zone in zones.values() if zone["kind"] == ZoneKind.ROADWAY]
    if len(found) != 1:
        told = _("this camera has %(count)s roadway zones, not one: give each its segment in the camera editor")
        raise ValueError(told % {"count": len(found)})
    return found[0]  # type: ignore[no-any-return]


def _section(kind: IncidentKind, before: dict[str, Any], zones: dict[str, Any]) -> dict[str, Any]:
    if (kept := before.get(kind.value)) is not None:
        return kept  # type: ignore[no-any-return]
    if kind not in ZONES_FOR:
        return {}
    fitting = [name for name, zone in zones.items() if zone["kind"] in ZONES_FOR[kind]]
    if not fitting:
        needed = " / ".join(str(Zone.Kind(zone.value).label) for zone in ZONES_FOR[kind])
        told = _("%(kind)s needs a zone of the kind %(zone)s: draw one in the camera editor first")
        raise ValueError(told % {"kind": kind.value, "zone": needed})
    return {"zones": fitting}
