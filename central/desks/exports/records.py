"""What an export says of a complaint, row by row; the columns are told in docs/operators-guide.md."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from central.complaints.models import Complaint
from central.desks.publicity import told_place
from central.desks.words import place_name
from central.incidents.kinds import Kind

CHUNK = 2000
"""Rows the database hands over at once."""

_READ = (
    "number",
    "tracking",
    "kind",
    "state",
    "severity",
    "agency__short",
    "place",
    "lat",
    "lon",
    "incident__camera__name",
    "incident__camera__code",
    "opened",
    "state_since",
    "ended",
    "first_response_due",
    "first_response_stopped",
    "completion_due",
    "completion_stopped",
    "assignee__username",
    "agency_id",
)


@dataclass(frozen=True, slots=True)
class Record:
    """One row; the fields' names are the columns'. Times are aware, in the city's zone."""

    number: str
    tracking: str
    kind: str
    kind_name: str
    state: str
    state_name: str
    severity: int
    agency: str
    place: str
    place_is_coarse: bool
    lat: float | None
    lon: float | None
    opened: datetime
    state_since: datetime
    ended: datetime | None
    first_response_due: datetime | None
    first_response_stopped: datetime | None
    completion_due: datetime | None
    completion_stopped: datetime | None
    assignee: str


COLUMNS = tuple(field.name for field in fields(Record))


def records(complaints: QuerySet[Complaint], own: str | None) -> Iterator[Record]:
    """All of them, from a cursor on the server: memory does not grow with their number.

    A vendor's exact spot is told to the agency that must act (`own`) and to nobody else.
    """
    kinds = {kind.value: str(kind.label) for kind in Kind}
    states = {state.value: str(state.label) for state in Complaint.State}
    zone = timezone.get_current_timezone()

    def local(time: datetime | None) -> datetime | None:
        return None if time is None else time.astimezone(zone)

    for row in complaints.values_list(*_READ).iterator(chunk_size=CHUNK):
        number, tracking, kind, state, severity, agency, place, lat, lon, camera, code, opened, *rest = row
        since, ended, first_due, first_stopped, due, stopped, assignee, holder = rest
        title = camera or code
        told = told_place(kind, place, lat, lon, camera=title)
        is_coarse = told.coarse and holder != own
        yield Record(
            number=number,
            tracking=tracking,
            kind=kind,
            kind_name=kinds[kind],
            state=state,
            state_name=states[state],
            severity=severity,
            agency=agency,
            place=told.name if is_coarse else place_name(place) or title or "",
            place_is_coarse=is_coarse,
            lat=told.lat if is_coarse else lat,
            lon=told.lon if is_coarse else lon,
            opened=opened.astimezone(zone),
            state_since=since.astimezone(zone),
            ended=local(ended),
            first_response_due=local(first_due),
            first_response_stopped=local(first_stopped),
            completion_due=local(due),
            completion_stopped=local(stopped),
            assignee=assignee or "",
        )
