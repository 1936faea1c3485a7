"""What the pages say for states, steps, places and measures: the product's vocabulary, in one place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from central.boxes.models import Box, Camera
from central.complaints.models import Complaint
from central.incidents.models import Incident
from contract.kinds import CameraFault

State = Complaint.State

TONES: Mapping[str, str] = {
    State.WAITING: "red",
    State.COORDINATION: "orange",
    State.DISPOSITION: "amber",
    State.IN_PROGRESS: "yellow",
    State.VERIFICATION: "blue",
    State.DONE: "green",
    State.GONE: "grey",
    State.REJECTED: "grey",
    State.MERGED: "grey",
}
"""Colour of a complaint's state, as citizens know them: red waits, yellow is worked on, green is solved."""

INCIDENT_TONES: Mapping[str, str] = {
    Incident.State.CANDIDATE: "amber",
    Incident.State.ACTIVE: "red",
    Incident.State.CLEARING: "blue",
    Incident.State.CLEARED: "green",
    Incident.State.CLOSED: "grey",
    Incident.State.SUPPRESSED: "grey",
    Incident.State.UNKNOWN: "amber",
    Incident.State.REJECTED: "grey",
    Incident.State.MERGED: "grey",
}

CAMERA_TONES: Mapping[str, str] = {
    Camera.State.STREAMING: "green",
    Camera.State.STALLED: "amber",
    Camera.State.FAULTY: "red",
    Camera.State.DISABLED: "grey",
    Camera.State.UNKNOWN: "grey",
}

BOX_TONES: Mapping[str, str] = {Box.State.ONLINE: "green", Box.State.OFFLINE: "red"}

STATES: Mapping[str, tuple[Mapping[str, str], type[TextChoices]]] = {
    "complaint": (TONES, Complaint.State),
    "incident": (INCIDENT_TONES, Incident.State),
    "camera": (CAMERA_TONES, Camera.State),
    "box": (BOX_TONES, Box.State),
}
"""By what has them: colours, and words."""

SEVERITIES: Mapping[int, Promise] = {
    1: pgettext_lazy("severity", "light"),
    2: pgettext_lazy("severity", "moderate"),
    3: pgettext_lazy("severity", "heavy"),
    4: pgettext_lazy("severity", "severe"),
}

STEPS = (State.WAITING, State.COORDINATION, State.DISPOSITION, State.IN_PROGRESS, State.VERIFICATION, State.DONE)
"""The way of a complaint that is worked on."""

HAPPENED: Mapping[str, Promise] = {
    "open": gettext_lazy("The camera filed the complaint"),
    "coordinate": gettext_lazy("Agencies are coordinating"),
    "assign": gettext_lazy("Handed to the team in charge"),
    "start": gettext_lazy("Work has started"),
    "report_done": gettext_lazy("The agency reports it as done"),
    "accept": gettext_lazy("Verified: the problem is solved"),
    "send_back": gettext_lazy("Not solved yet: sent back to the agency"),
    "camera_confirms": gettext_lazy("The camera looked again: the problem is gone"),
    "camera_refutes": gettext_lazy("The camera looked again: the problem is still there"),
    "camera_cannot_tell": gettext_lazy("The camera cannot tell; a person will look"),
    "note": gettext_lazy("A note was added"),
    "vanish": gettext_lazy("The problem went away by itself"),
    "incident_cleared": gettext_lazy("The camera no longer sees the problem"),
    "recur": gettext_lazy("The camera sees the problem again"),
    "reassign": gettext_lazy("Handed to somebody else of the agency"),
    "estimate": gettext_lazy("A completion time was proposed"),
    "approve_estimate": gettext_lazy("The agency promises a completion time"),
    "decline_estimate": gettext_lazy("The proposed completion time was declined"),
    "wrong_agency": gettext_lazy("The agency is not responsible: passed on"),
    "reroute": gettext_lazy("Sent to another agency"),
    "reject": gettext_lazy("The agency rejects the complaint"),
    "void": gettext_lazy("Withdrawn: there was no such problem"),
    "reopen": gettext_lazy("Opened again"),
    "merge": gettext_lazy("Merged with another complaint"),
    "unmerge": gettext_lazy("Taken apart from another complaint"),
    "undo": gettext_lazy("The last step was taken back"),
}
"""A history row as a sentence; the same for staff and public."""

FAULTS: Mapping[str, Promise] = {
    CameraFault.DARK: gettext_lazy("the picture is dark"),
    CameraFault.FROZEN: gettext_lazy("the picture is frozen"),
    CameraFault.DEFOCUSED: gettext_lazy("the picture is out of focus"),
    CameraFault.COVERED: gettext_lazy("the camera is covered"),
    CameraFault.MOVED: gettext_lazy("the camera has been moved"),
    CameraFault.OFFLINE: gettext_lazy("the camera is offline"),
}

_COMPASS: Mapping[str, Promise] = {
    "utara": gettext_lazy("northbound"),
    "selatan": gettext_lazy("southbound"),
    "timur": gettext_lazy("eastbound"),
    "barat": gettext_lazy("westbound"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured value, ready to show."""

    label: str
    value: str


def place_name(place: str) -> str:
    """A street segment for people: `jl-sudirman:utara` → Jl. Sudirman, northbound."""
    return _place_name(place, get_language())


@lru_cache(maxsize=8192)
def _place_name(place: str, _language: str | None) -> str:
    street, _colon, direction = place.rpartition(":") if ":" in place else (place, "", "")
    named = _unslug(street.strip())
    if not direction:
        return named
    return f"{named}, {_COMPASS.get(direction.strip().lower(), direction.strip())}"


def street_name(place: str) -> str:
    """The same without the direction: a coarse place."""
    return _unslug((place.rpartition(":")[0] or place).strip())


def measures_of(values: Mapping[str, Any]) -> list[Measure]:
    """Measures with their units; keys as contract.events.Measures, unknown ones are left out."""
    shown: list[Measure] = []
    for key, value in values.items():
        if value is None or key not in _MEASURES:
            continue
        label, say = _MEASURES[key]
        shown.append(Measure(str(label), say(value)))
    return shown


def duration(seconds: float) -> str:
    """Two units at most: 45 s, 12 min, 2 h 5 min, 6 d 3 h."""
    whole = round(seconds)
    if whole < 60:
        return _("%(n)d s") % {"n": whole}
    minutes = whole // 60
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes >= 2 * 24 * 60:
        return _("%(days)d d %(hours)d h") % {"days": minutes // 1440, "hours": minutes % 1440 // 60}
    return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def decimal(value: float, digits: int) -> str:
    """With the language's own decimal sign."""
    return number_format(round(value, digits), decimal_pos=digits, use_l10n=True)  # which alone would cut off


def percent(share: float) -> str:
    """0.46 → 46%."""
    return _("%(n)s%%") % {"n": decimal(share * 100, 0)}


def depth(of_class: str) -> str:
    """A depth class as people say it: `10-30` → 10–30 cm, `>150` → over 150 cm; anything else as it is."""
    if span := _SPAN.fullmatch(of_class.strip()):
        return _("%(low)s–%(high)s cm") % {"low": span["low"], "high": span["high"]}
    if over := _OVER.fullmatch(of_class.strip()):
        return _("over %(low)s cm") % {"low": over["low"]}
    return of_class


def depth_from_cm(of_class: str) -> int | None:
    """The shallow end of a depth class."""
    found = _SPAN.fullmatch(of_class.strip()) or _OVER.fullmatch(of_class.strip())
    return int(found["low"]) if found else None


def _unslug(text: str) -> str:
    if " " in text or not text.islower() or "-" not in text:
        return text
    words = [word.capitalize() for word in text.split("-") if word]
    return " ".join("Jl." if word == "Jl" else word for word in words)


_SPAN = re.compile(r"(?P<low>\d+)\s*[-–]\s*(?P<high>\d+)(\s*cm)?")
_OVER = re.compile(r">\s*(?P<low>\d+)(\s*cm)?")

_MEASURES: Mapping[str, tuple[Promise, Any]] = {
    "speed_kmh": (gettext_lazy("Speed"), lambda v: _("%(n)s km/h") % {"n": decimal(v, 1 if v < 10 else 0)}),
    "speed_lengths_s": (
        gettext_lazy("Speed"),
        lambda v: _("%(n)s vehicle lengths a second") % {"n": decimal(v, 2)},
    ),
    "occupancy": (gettext_lazy("Road occupied"), percent),
    "vehicles": (gettext_lazy("Vehicles"), lambda v: ngettext("%(n)d vehicle", "%(n)d vehicles", v) % {"n": v}),
    "queue_m": (gettext_lazy("Queue"), lambda v: _("%(n)s m") % {"n": decimal(v, 0)}),
    "queue_share": (gettext_lazy("Queue, share of the view"), percent),
    "water_share": (gettext_lazy("Road under water"), percent),
    "depth_class": (gettext_lazy("Depth"), lambda v: depth(str(v))),
    "dwell_s": (gettext_lazy("Standing still for"), duration),
    "duration_s": (gettext_lazy("Lasting for"), duration),
    "units": (gettext_lazy("Selling units"), lambda v: decimal(v, 0)),
    "fault": (gettext_lazy("Fault"), lambda v: str(FAULTS.get(v, v))),
    "shift_share": (gettext_lazy("View moved by, share of its width"), percent),
    "turned_deg": (gettext_lazy("Turned by"), lambda v: _("%(n)s°") % {"n": decimal(v, 0)}),
}
