"""What the camera saw, as a sentence in the reader's language. The box's own sentence is one language only."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from central.complaints.models import History
from central.desks.words import decimal, duration, percent
from central.incidents.kinds import Kind
from central.incidents.models import Incident


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
    share = measures.get("water_share")
    return "" if share is None else _("Water covers %(share)s of the road.") % {"share": percent(share)}


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
    return _("A vehicle has stood still for %(time)s where none may stop.") % {"time": duration(dwell)}


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    Kind.JAM: _jam,
    Kind.FLOOD: _flood,
    Kind.VENDING: _vending,
    Kind.PARKING: _parking,
}
