"""What an operator must not overlook: things that are broken although no incident says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from central.boxes.models import Box, Camera
from central.complaints.models import Complaint
from central.forwarding.models import Forwarded
from central.intake.models import Gap, Quarantined
from central.outbox.models import Channel, Outgoing

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Troubles:
    """The panel; each list holds the newest few, each count is of all."""

    quarantined: Sequence[Quarantined]
    quarantined_count: int
    offline: Sequence[Box]
    cameras: Sequence[Camera]
    strays: Sequence[Complaint]
    """Open complaints that no routing rule wanted."""
    gaps: Sequence[Gap]
    dead: Sequence[Outgoing]
    """Messages that could not be delivered."""
    dead_count: int
    unclear: Sequence[Forwarded]
    """What a CRM said and nobody but a person understands."""

    @property
    def count(self) -> int:
        """How many things are wrong."""
        listed = (self.offline, self.cameras, self.strays, self.gaps, self.unclear)
        return self.quarantined_count + self.dead_count + sum(map(len, listed))


def current(now: datetime, boxes: Iterable[Box]) -> Troubles:
    """As the database stands; `boxes`: all of them."""
    # What programs subscribed to is theirs to mend.
    dead = Outgoing.objects.filter(state=Outgoing.State.DEAD).exclude(channel=Channel.HOOK)
    return Troubles(
        quarantined=Quarantined.objects.order_by("-last")[:SHOWN],
        quarantined_count=Quarantined.objects.count(),
        offline=[box for box in boxes if box.state == Box.State.OFFLINE or box.is_silent(now)],
        cameras=list(
            Camera.objects.filter(Q(state=Camera.State.STALLED) | Q(state=Camera.State.FAULTY), listed=True)
            .exclude(box__state=Box.State.OFFLINE)  # their box's silence says it already
            .only("code", "name", "state", "reason")
            .order_by("since")
        ),
        strays=list(
            Complaint.objects.filter(ended__isnull=True, decision__has_key="warning")
            .select_related("agency")
            .only("number", "kind", "agency__short")[:SHOWN]
        ),
        gaps=list(Gap.objects.select_related("stream").order_by("-noticed")[:SHOWN]),
        dead=dead.order_by("-finished")[:SHOWN],
        dead_count=dead.count(),
        unclear=list(
            Forwarded.objects.filter(state=Forwarded.State.UNCLEAR, complaint__ended__isnull=True)
            .filter(changed__gte=F("complaint__state_since"))
            .select_related("complaint")
            .only("status_notes", "changed", "complaint__number")
            .order_by("-changed")[:SHOWN]
        ),
    )
