"""Which cameras see nothing: what they say, or cease to say, of their zones then means nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, When

from central.boxes.models import Box, Camera
from central.incidents.kinds import Kind
from central.incidents.models import Episode, Incident
from contract.kinds import Phase

Span = tuple[datetime, datetime | None]
"""From, until; None: still."""

STATES_WITHOUT_SIGHT = (Camera.State.STALLED, Camera.State.FAULTY, Camera.State.DISABLED)


@dataclass(frozen=True, slots=True)
class Sight:
    """Of some cameras, by primary key."""

    blind: Mapping[int, datetime] = field(default_factory=dict)
    """Those that see nothing now, since when."""
    faults: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    """When a camera fault was going on."""

    def was_blind(self, camera: int, moment: datetime) -> bool:
        """Whether the camera had a fault at that moment."""
        return any(begins <= moment and (ends is None or moment < ends) for begins, ends in self.faults.get(camera, ()))


CLEAR = Sight()


def sight_of(cameras: Collection[int], since: datetime) -> Sight:
    """As the database knows it now, with faults that ended before `since` left out. A camera that never reported a
    stream, or whose box was never online, is believed."""
    stopped = _without_stream().filter(pk__in=cameras).values_list("pk", "blind_from")
    blind: dict[int, datetime] = dict(stopped)
    faults: dict[int, list[Span]] = {}
    recent = ~Q(phase=Phase.CLOSED.value) | Q(seen__gte=since)
    told = _faults().filter(recent, camera__in=cameras).values_list("camera", "began", "seen", "phase")
    for camera, began, seen, phase in told:
        is_over = phase == Phase.CLOSED.value
        faults.setdefault(camera, []).append((began, seen if is_over else None))
        if not is_over:
            blind[camera] = min(began, blind.get(camera, began))
    return Sight(blind, faults)


def blind_cameras() -> set[int]:
    """All that see nothing now."""
    faulty = _faults().exclude(phase=Phase.CLOSED.value).values_list("camera", flat=True)
    return {*_without_stream().values_list("pk", flat=True), *faulty}


def _without_stream() -> QuerySet[Camera]:
    silent = Q(box__state=Box.State.OFFLINE, box__heartbeat__isnull=False)
    stopped = Q(state__in=STATES_WITHOUT_SIGHT, since__isnull=False)
    return Camera.objects.filter(silent | stopped).annotate(
        blind_from=Case(When(stopped, then=F("since")), default=F("box__state_since"))
    )


def _faults() -> QuerySet[Episode]:
    # An operator who rejects a camera fault says that the camera sees.
    # A fault has no zone; saying so lets the index on camera, zone and time answer.
    return Episode.objects.filter(kind=Kind.CAMERA_FAULT, zone="").exclude(incident__state=Incident.State.REJECTED)
