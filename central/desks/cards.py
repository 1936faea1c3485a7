"""What lists show of incidents and complaints: a few queries for a whole list, never one for each row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from central.boxes.models import Camera
from central.complaints.models import Complaint
from central.desks.publicity import PublicPlace, public_code, public_place
from central.desks.words import place_name
from central.evidence.exhibits import lead_still
from central.evidence.models import Exhibit
from central.incidents.models import Decision, Incident
from central.incidents.policies import kinds_that_ask, waits_for_a_person


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """One tile of the operators' wall."""

    incident: Incident
    still: Exhibit | None
    place: str
    camera: Camera | None
    complaints: Sequence[Complaint]
    needs_confirmation: bool
    looked_at: Decision | None
    """The first thing an operator decided about it, were it only that it was seen."""
    is_new: bool
    """Nobody has looked at it yet. What a silence hides is not news."""
    withheld: bool = False
    """There is a still, but whoever looks must give a reason first."""


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """One row of a staff list."""

    complaint: Complaint
    still: Exhibit | None
    place: str
    withheld: bool = False
    """There is a still, but whoever looks must give a reason first."""


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One row of the citizens' list."""

    complaint: Complaint
    code: str
    place: PublicPlace


def incident_cards(incidents: Sequence[Incident]) -> list[IncidentCard]:
    """Needs `camera__box`, `complaints__agency` and `decisions` loaded."""
    stills = lead_still(incidents)
    reviewed = kinds_that_ask()
    return [_incident_card(incident, stills, reviewed) for incident in incidents]


def complaint_rows(complaints: Sequence[Complaint]) -> list[ComplaintRow]:
    """Needs `incident__camera` and `agency` loaded."""
    stills = lead_still([complaint.incident for complaint in complaints])
    return [ComplaintRow(complaint, stills.get(complaint.incident_id), where_is(complaint)) for complaint in complaints]


def public_rows(complaints: Iterable[Complaint]) -> list[PublicRow]:
    """Needs what `publicity.public_complaints` loads."""
    return [PublicRow(complaint, public_code(complaint), public_place(complaint)) for complaint in complaints]


def where_is(thing: Complaint | Incident) -> str:
    """The place for staff: its name, else the camera's, else where a citizen put it on the map."""
    camera = thing.incident.camera if isinstance(thing, Complaint) else thing.camera
    return where(thing.place, None if camera is None else camera.title, thing.lat, thing.lon)


def where(place: str, camera: str | None, lat: float | None, lon: float | None) -> str:
    """The same from values; `camera`: its title."""
    return place_name(place) or camera or (f"{lat:.5f}, {lon:.5f}" if lat is not None else "")


def _incident_card(incident: Incident, stills: Mapping[int, Exhibit], reviewed: set[str]) -> IncidentCard:
    looked_at = next(iter(incident.decisions.all()), None)
    return IncidentCard(
        incident=incident,
        still=stills.get(incident.pk),
        place=where_is(incident),
        camera=incident.camera,
        complaints=list(incident.complaints.all()),
        needs_confirmation=waits_for_a_person(incident, reviewed),
        looked_at=looked_at,
        is_new=looked_at is None and incident.state != Incident.State.SUPPRESSED,
    )
