"""What the parts of lists say, as plain values; `drawing` draws each once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from central.boxes.models import Box, Camera
from central.complaints.models import Complaint
from central.desks.cards import ComplaintRow, IncidentCard
from central.desks.due import Mark, mark_of
from central.desks.sentences import ruling
from central.incidents.models import Decision


@dataclass(frozen=True, slots=True)
class RowPart:
    """One row of a staff list."""

    route: str
    """Name of the complaint's page."""
    evidence_route: str
    is_pickable: bool
    number: str
    kind: str
    state: str
    place: str
    agency: str
    ended: datetime | None
    due: Mark | None
    is_stray: bool
    """No routing rule wanted it."""
    still: str
    """sha256; empty: none, or none for whoever looks."""
    withheld: bool

    @classmethod
    def of(cls, row: ComplaintRow, now: datetime, *, route: str, evidence_route: str, is_pickable: bool) -> Self:
        """As it stands."""
        complaint = row.complaint
        return cls(
            route=route,
            evidence_route=evidence_route,
            is_pickable=is_pickable,
            number=complaint.number,
            kind=complaint.kind,
            state=complaint.state,
            place=row.place,
            agency=complaint.agency.short,
            ended=complaint.ended,
            due=None if complaint.ended else mark_of(complaint, now),
            is_stray=bool(complaint.warning),
            still=row.still.sha256 if row.still else "",
            withheld=row.withheld,
        )


@dataclass(frozen=True, slots=True)
class CameraPart:
    """A camera and its box, below a tile."""

    pk: int
    title: str
    state: str
    box: str
    box_state: str

    @classmethod
    def of(cls, camera: Camera) -> Self:
        """Needs its box loaded."""
        return cls(camera.pk, camera.title, camera.state, camera.box_id, camera.box.state)


@dataclass(frozen=True, slots=True)
class ComplaintPart:
    """A complaint on its incident's tile."""

    number: str
    agency: str
    state: str

    @classmethod
    def of(cls, complaint: Complaint) -> Self:
        """Needs its agency loaded."""
        return cls(complaint.number, complaint.agency.short, complaint.state)


@dataclass(frozen=True, slots=True)
class SeenPart:
    """Who looked at it, and when."""

    actor: str
    time: datetime

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """From what was decided."""
        return cls(decision.actor, decision.time)


@dataclass(frozen=True, slots=True)
class TilePart:
    """One tile of the operators' wall."""

    pk: int
    kind: str
    state: str
    severity: int
    began: datetime
    place: str
    still: str
    """sha256; empty: none, or none for whoever looks."""
    withheld: bool
    is_new: bool
    needs_confirmation: bool
    said: str
    """What permits say of it."""
    looked_at: SeenPart | None
    complaints: tuple[ComplaintPart, ...]
    camera: CameraPart | None

    @classmethod
    def of(cls, card: IncidentCard) -> Self:
        """As it stands."""
        incident = card.incident
        return cls(
            pk=incident.pk,
            kind=incident.kind,
            state=incident.state,
            severity=incident.severity,
            began=incident.began,
            place=card.place,
            still=card.still.sha256 if card.still else "",
            withheld=card.withheld,
            is_new=card.is_new,
            needs_confirmation=card.needs_confirmation,
            said=ruling(incident),
            looked_at=SeenPart.of(card.looked_at) if card.looked_at else None,
            complaints=tuple(ComplaintPart.of(each) for each in card.complaints),
            camera=CameraPart.of(card.camera) if card.camera else None,
        )


@dataclass(frozen=True, slots=True)
class ListedPart:
    """One line of the list beside the map."""

    pk: int
    kind: str
    severity: int
    began: datetime
    place: str
    is_new: bool
    is_on_the_map: bool
    shape: str
    """Of its mark, as an SVG path."""

    @classmethod
    def of(cls, card: IncidentCard, shape: str) -> Self:
        """As it stands."""
        incident = card.incident
        return cls(
            pk=incident.pk,
            kind=incident.kind,
            severity=incident.severity,
            began=incident.began,
            place=card.place,
            is_new=card.is_new,
            is_on_the_map=incident.lat is not None,
            shape=shape,
        )


@dataclass(frozen=True, slots=True)
class BoxPart:
    """A box and its cameras (title and state), beside the wall."""

    pk: str
    state: str
    site: str
    cameras: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, box: Box) -> Self:
        """Needs its listed cameras loaded."""
        cameras = tuple((camera.title, camera.state) for camera in box.cameras.all())
        return cls(box.pk, box.state, box.site, cameras)
