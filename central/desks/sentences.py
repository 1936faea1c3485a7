"""What the camera saw, as a sentence in the reader's language. The box's own sentence is one language only."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.complaints.models import History
from central.desks.words import decimal, depth, depth_from_cm, duration, percent
from central.incidents.kinds import Kind
from central.incidents.models import Incident
from central.permits import saying
from central.permits.law import Answer


def sentence(kind: str, measures: Mapping[str, Any], reason: str) -> str:
    """Made from the measures; the box's `reason` where they do not say enough."""
    make = _SENTENCES.get(kind)
    return (make(measures) if make else "") or reason


def when_filed(history: Iterable[History]) -> dict[str, Any]:
    """The measures of the moment a complaint was filed. Those of its incident move on: in the end they say that the
    road is free, and a sentence made of them would be wrong."""
    return next((row.data.get("measures", {}) for row in history if row.action == "open"), {})


def is_going_on(incident: Incident) -> bool:
    """Whether the incident's own measures still describe the problem."""
    return incident.state in {Incident.State.CANDIDATE, Incident.State.ACTIVE}


def ruling(incident: Incident) -> str:
    """What permits say of it; empty where there is nothing to say."""
    says = incident.ruling_reason.get("sk") or incident.ruling == Answer.AMBIGUOUS
    return saying.reason(incident.ruling_reason) if says else ""


def _jam(measures: Mapping[str, Any]) -> str:
    occupancy = measures.get("occupancy")
    if occupancy is None:
        return ""
    if (speed := measures.get("speed_kmh")) is not None:
        return _("Traffic creeps at %(speed)s km/h, and %(share)s of the road is taken by vehicles.") % {
            "speed": decimal(speed, 1 if speed < 10 else 0),
            "share": percent(occupancy),
        }
    return _("Traffic hardly moves, and %(share)s of the road is taken by vehicles.") % {"share": percent(occupancy)}


def _flood(measures: Mapping[str, Any]) -> str:
    share, deep = measures.get("water_share"), str(measures.get("depth_class") or "")
    if share is None and not deep:
        return ""
    if not deep:
        return _("Water covers %(share)s of the road.") % {"share": percent(share)}
    words = {"depth": depth(deep), "share": percent(share or 0)}
    if share is None:
        seen = _("Water stands on the road, %(depth)s deep.") % words
    else:
        seen = _("Water covers %(share)s of the road, %(depth)s deep.") % words
    return f"{seen} {advice}" if (advice := _passable(depth_from_cm(deep))) else seen


def _passable(from_cm: int | None) -> str:
    # Cars stop at half a wheel, about 30 cm.
    if from_cm is None or from_cm < 10:
        return ""
    return _("Pass with care.") if from_cm < 30 else _("Cars cannot pass.")


def _vending(measures: Mapping[str, Any]) -> str:
    dwell = measures.get("dwell_s")
    if dwell is None:
        return ""
    return _("Somebody has been selling at one spot for %(time)s where selling is forbidden.") % {
        "time": duration(dwell)
    }


def _parking(measures: Mapping[str, Any]) -> str:
    dwell = measures.get("dwell_s")
    if dwell is None:
        return ""
    vehicles = measures.get("vehicles") or 1
    if vehicles < 2:
        return _("A vehicle has stood still for %(time)s where none may stop.") % {"time": duration(dwell)}
    return _("%(n)d vehicles stand where none may stop, one of them for %(time)s.") % {
        "n": vehicles,
        "time": duration(dwell),
    }


def _camera_fault(measures: Mapping[str, Any]) -> str:
    seen = _FAULTS.get(str(measures.get("fault", "")))
    if seen is None:
        return ""
    lasted = measures.get("duration_s") or measures.get("dwell_s")
    return f"{seen} {_('For %(time)s so far.') % {'time': duration(lasted)}}" if lasted else str(seen)


_FAULTS: Mapping[str, Promise] = {
    "dark": gettext_lazy("The camera’s picture is dark: nothing can be made out."),
    "frozen": gettext_lazy("The camera’s picture stands still: it shows an old moment over and over."),
    "defocused": gettext_lazy("The camera’s picture is blurred."),
    "covered": gettext_lazy("Something covers the camera’s view."),
    "moved": gettext_lazy("The camera has been turned away from the view it is to watch."),
    "offline": gettext_lazy("The camera sends no picture."),
}

_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    Kind.JAM: _jam,
    Kind.FLOOD: _flood,
    Kind.VENDING: _vending,
    Kind.PARKING: _parking,
    Kind.CAMERA_FAULT: _camera_fault,
}
