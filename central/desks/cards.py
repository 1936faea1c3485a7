"""What lists show of incidents and complaints: a few queries for a whole list, never one for each row."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from central.boxes.models import Camera
from central.complaints.models import Complaint
from central.desks.publicity import PublicPlace, public_code, public_place
from central.desks.words import place_name
from central.evidence.exhibits import lead_still
from central.evidence.models import Exhibit
from central.incidents.models import Decision, Incident
from central.incidents.policies import waits_for_a_person

_OF_INCIDENT = (
    *("kind", "state", "severity", "place", "lat", "lon", "began", "updated", "cleared", "closed"),
    *("ruling", "ruling_reason"),
)
_OF_CAMERA = ("camera__code", "camera__name", "camera__state", "camera__box__state")
_OF_COMPLAINT = (
    *("number", "incident_id", "agency_id", "kind", "state", "opened", "ended", "place", "lat", "lon", "decision"),
    *("completion_due", "completion_stopped", "next_due", "due_soon"),
)


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


def card_incidents(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Loads of them, and of what they refer to, what cards show."""
    complaints = Complaint.objects.select_related("agency").only("number", "state", "incident", "agency__short")
    decisions = Decision.objects.only("incident", "actor", "time")
    return (
        incidents.select_related("camera__box")
        .prefetch_related(Prefetch("complaints", complaints), Prefetch("decisions", decisions))
        .only(*_OF_INCIDENT, *_OF_CAMERA)
    )


def incident_cards(incidents: Sequence[Incident], asking: Collection[str]) -> list[IncidentCard]:
    """Needs what `card_incidents` loads, and what `policies.kinds_that_ask` returns."""
    stills = lead_still(incident.pk for incident in incidents)
    return [_incident_card(incident, stills, asking) for incident in incidents]


def row_complaints(complaints: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Loads of them what rows show; not the agency, which many have in common."""
    return complaints.only(*_OF_COMPLAINT)


def complaint_rows(complaints: Sequence[Complaint]) -> list[ComplaintRow]:
    """Needs `agency` loaded."""
    stills = lead_still(complaint.incident_id for complaint in complaints)
    places = complaint_places(complaints)
    return [
        ComplaintRow(complaint, stills.get(complaint.incident_id), place)
        for complaint, place in zip(complaints, places, strict=True)
    ]


def complaint_places(complaints: Sequence[Complaint]) -> list[str]:
    """Where each is, for staff; cameras are asked for their names where the place has none."""
    nameless = {complaint.incident_id for complaint in complaints if not complaint.place}
    cameras = {
        pk: name or code
        for pk, name, code in (
            Incident.objects.filter(pk__in=nameless).values_list("pk", "camera__name", "camera__code")
            if nameless
            else ()
        )
    }
    return [where(each.place, cameras.get(each.incident_id), each.lat, each.lon) for each in complaints]


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


def _incident_card(incident: Incident, stills: Mapping[int, Exhibit], asking: Collection[str]) -> IncidentCard:
    looked_at = next(iter(incident.decisions.all()), None)
    return IncidentCard(
        incident=incident,
        still=stills.get(incident.pk),
        place=where_is(incident),
        camera=incident.camera,
        complaints=list(incident.complaints.all()),
        needs_confirmation=waits_for_a_person(incident, asking),
        looked_at=looked_at,
        is_new=looked_at is None and incident.state != Incident.State.SUPPRESSED,
    )
