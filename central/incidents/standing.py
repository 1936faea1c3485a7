"""How an incident stands, given its episodes: a pure function, so that the order of messages cannot matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from central.incidents.models import Episode, Incident, Policy
from contract.kinds import Closing, Phase

State = Incident.State


@dataclass(frozen=True, slots=True)
class Standing:
    """What follows from the episodes and the policy."""

    state: State
    active_since: datetime | None
    clearing_since: datetime | None
    hold_until: datetime | None
    complaint_due: datetime | None
    blind_since: datetime | None


def standing(episodes: Sequence[Episode], policy: Policy, confirmed: datetime | None) -> Standing:
    """Open while any episode is open, or was lost and not seen again; then the hold runs from the last closing.

    `confirmed` is when an operator confirmed the incident, which makes it count whatever the policy says.
    """
    blind = [episode for episode in episodes if _is_lost_for_good(episode, episodes)]
    present = [episode for episode in episodes if episode.phase != Phase.CLOSED.value]
    active_since = _active_since(episodes, policy, confirmed)
    due = active_since + timedelta(seconds=policy.active_for_s) if active_since else None
    if present or blind:
        return Standing(
            state=State.ACTIVE if active_since else State.CANDIDATE,
            active_since=active_since,
            clearing_since=None,
            hold_until=None,
            complaint_due=due,
            blind_since=min(episode.seen for episode in blind) if blind and not present else None,
        )
    gone = max(episode.seen for episode in episodes)
    return Standing(
        state=State.CLEARING,
        active_since=active_since,
        clearing_since=gone,
        hold_until=gone + timedelta(seconds=policy.hold_s),
        # Over before it had been active for long enough: no complaint, however late we hear of it.
        complaint_due=due if due is not None and due <= gone else None,
        blind_since=None,
    )


def _active_since(episodes: Sequence[Episode], policy: Policy, confirmed: datetime | None) -> datetime | None:
    if confirmed is not None or policy.mode == Policy.Mode.REVIEW:
        return confirmed
    return min((episode.qualified for episode in episodes if episode.qualified), default=None)


def _is_lost_for_good(episode: Episode, episodes: Sequence[Episode]) -> bool:
    # A box that restarts loses its open episodes; what it sees afterwards in the same zone takes their place.
    if episode.closing != Closing.LOST.value:
        return False
    return not any(
        other.camera_id == episode.camera_id and other.zone == episode.zone and other.seen > episode.seen
        for other in episodes
        if other is not episode
    )
