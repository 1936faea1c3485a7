"""How an incident stands, given its episodes: a pure function, so that the order of messages cannot matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from central.incidents.kinds import Kind
from central.incidents.models import Episode, Incident, Policy
from central.incidents.sight import CLEAR, Sight
from central.permits.law import Answer, Place, Ruling
from central.permits.weighing import Weighed
from central.silences.matching import heard_from, matching
from central.silences.models import Silence
from contract.kinds import Closing, Phase

State = Incident.State
CLOSED = Phase.CLOSED.value


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What episodes do not tell: the time, what people said about the incident, which cameras see, what is silenced."""

    now: datetime
    confirmed: datetime | None = None
    """When an operator confirmed the incident, which makes it count whatever policy and silences say."""
    sighted: datetime | None = None
    """When an operator last found it still there."""
    filed: bool = False
    """It has a complaint: a silence that comes later does not take it back."""
    sight: Sight = CLEAR
    silences: Sequence[Silence] = ()
    permits: Sequence[Place] = ()
    """Places where selling is lawful, near enough to matter."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What follows from the episodes, the policy and the circumstances."""

    state: State
    active_since: datetime | None
    clearing_since: datetime | None
    hold_until: datetime | None
    complaint_due: datetime | None
    blind_since: datetime | None
    silenced_until: datetime | None = None
    ruling: Ruling | None = None
    """What the permits say now of what still stands; None: nothing does, or it is not for permits to say."""
    ruling_until: datetime | None = None
    """When they say something else."""


def standing(episodes: Sequence[Episode], policy: Policy, around: Circumstances) -> Standing:
    """Open while any episode is open, or was lost and not seen again; then the hold runs from the last closing. Without
    any episode only citizens told of it, and only people can say more."""
    if not episodes:
        return _told(policy, around)
    lasting = [episode for episode in episodes if episode.phase != CLOSED or _tells_nothing(episode, episodes, around)]
    active_since = _active_since(episodes, policy, around)
    due = _complaint_due(episodes, policy, around)
    if not lasting:
        return _fading(episodes, policy, around, active_since, due)
    blind_since = _blind_since(lasting, around)
    silenced_until = None if around.filed or around.confirmed else _silenced_until(lasting, around)
    ruling, ruling_until = _ruling(lasting, around)
    state = State.ACTIVE if active_since else State.CANDIDATE
    if silenced_until is not None:
        state = State.SUPPRESSED
    elif _is_long_out_of_sight(blind_since, policy, around.now):
        state = State.UNKNOWN
    return Standing(
        state=state,
        active_since=active_since,
        clearing_since=None,
        hold_until=None,
        complaint_due=None if state == State.SUPPRESSED else due,
        blind_since=blind_since,
        silenced_until=silenced_until,
        ruling=ruling,
        ruling_until=ruling_until,
    )


def _told(policy: Policy, around: Circumstances) -> Standing:
    """A candidate until an operator confirms it; from then on nobody sees it but whoever goes and looks."""
    if around.confirmed is None:
        return Standing(State.CANDIDATE, None, None, None, None, None)
    unseen_since = max(around.confirmed, around.sighted or around.confirmed)
    return Standing(
        state=State.UNKNOWN if _is_long_out_of_sight(unseen_since, policy, around.now) else State.ACTIVE,
        active_since=around.confirmed,
        clearing_since=None,
        hold_until=None,
        complaint_due=_complaint_due((), policy, around),
        blind_since=unseen_since,
    )


def _fading(
    episodes: Sequence[Episode],
    policy: Policy,
    around: Circumstances,
    active_since: datetime | None,
    due: datetime | None,
) -> Standing:
    gone = max(episode.seen for episode in episodes)
    hold_until = gone + timedelta(seconds=policy.hold_s)
    # Nobody looks any more: whether it comes back within the hold cannot be seen, so the hold does not run out.
    blind_since = _all_blind_since(episodes, around)
    is_watched = blind_since is None or blind_since >= hold_until
    out_of_sight = not is_watched and _is_long_out_of_sight(blind_since, policy, around.now)
    return Standing(
        state=State.UNKNOWN if out_of_sight else State.CLEARING,
        active_since=active_since,
        clearing_since=gone,
        hold_until=hold_until if is_watched else None,
        # Over before it had been active for long enough: no complaint, however late we hear of it.
        complaint_due=due if due is not None and due <= gone else None,
        blind_since=None if is_watched else blind_since,
    )


def _active_since(episodes: Sequence[Episode], policy: Policy, around: Circumstances) -> datetime | None:
    if around.confirmed is not None or policy.mode == Policy.Mode.REVIEW:
        return around.confirmed
    counts_from = (_forbidden_from(episode, around) for episode in episodes)
    return min((moment for moment in counts_from if moment is not None and moment <= around.now), default=None)


def _complaint_due(episodes: Sequence[Episode], policy: Policy, around: Circumstances) -> datetime | None:
    wait = timedelta(seconds=policy.active_for_s)
    if around.confirmed is not None:
        return around.confirmed + wait
    if policy.mode == Policy.Mode.REVIEW:
        return None
    dues = []
    for episode in episodes:
        forbidden_from = _forbidden_from(episode, around)
        if forbidden_from is not None:
            silences = matching(around.silences, episode)
            dues.append(heard_from(heard_from(forbidden_from, silences) + wait, silences))
    return min(dues, default=None)


def _forbidden_from(episode: Episode, around: Circumstances) -> datetime | None:
    """Since when it counts by itself: it met the policy, and no permit allows it or leaves it to a person."""
    return None if episode.qualified is None else _weighed(episode, around).forbidden_from(episode.qualified)


def _silenced_until(lasting: Sequence[Episode], around: Circumstances) -> datetime | None:
    """When the first of them is heard again; None: one of them is heard now."""
    heard = min(_heard_from(around.now, episode, around) for episode in lasting)
    return heard if heard > around.now else None


def _heard_from(moment: datetime, episode: Episode, around: Circumstances) -> datetime:
    """The first moment from then on that neither a silence nor a permit covers."""
    silences, weighed = matching(around.silences, episode), _weighed(episode, around)
    while True:
        heard = heard_from(moment, silences)
        unlawful = weighed.unlawful_from(heard)
        if unlawful is None or unlawful == heard:
            return heard
        moment = unlawful


def _ruling(lasting: Sequence[Episode], around: Circumstances) -> tuple[Ruling | None, datetime | None]:
    """The worst for whoever sells, and when any of them may change."""
    weighed = [_weighed(episode, around) for episode in lasting if episode.kind == Kind.VENDING]
    if not weighed:
        return None, None
    worst = max((one.ruling(around.now) for one in weighed), key=lambda ruling: list(Answer).index(ruling.answer))
    changes = (one.changes_after(around.now) for one in weighed)
    return worst, min((moment for moment in changes if moment is not None), default=None)


def _weighed(episode: Episode, around: Circumstances) -> Weighed:
    return Weighed(episode, around.permits)


def _blind_since(lasting: Sequence[Episode], around: Circumstances) -> datetime | None:
    """Since when none of them has been seen: of those that tell nothing, since their end."""
    return _latest(
        [episode.seen if episode.phase == CLOSED else _unseen(episode, around) for episode in lasting], around
    )


def _all_blind_since(episodes: Sequence[Episode], around: Circumstances) -> datetime | None:
    """Since when none of the cameras that saw it has seen anything."""
    return _latest([_unseen(episode, around) for episode in episodes], around)


def _unseen(episode: Episode, around: Circumstances) -> datetime | None:
    """Since when its camera sees nothing. What it told later, it did see: the news of its silence was quicker."""
    blind_from = around.sight.blind.get(_eye(episode))
    return None if blind_from is None else max(blind_from, episode.seen)


def _latest(since: Sequence[datetime | None], around: Circumstances) -> datetime | None:
    """The last sight of it; None when one of them still sees. An operator's own look counts."""
    if None in since:
        return None
    return max(moment for moment in (*since, around.sighted) if moment is not None)


def _eye(episode: Episode) -> int:
    """The camera whose sight matters; none for its own fault, which the box knows without looking."""
    return -1 if episode.kind == Kind.CAMERA_FAULT else episode.camera_id


def _is_long_out_of_sight(blind_since: datetime | None, policy: Policy, now: datetime) -> bool:
    return blind_since is not None and blind_since + timedelta(seconds=policy.unknown_after_s) <= now


def _tells_nothing(episode: Episode, episodes: Sequence[Episode], around: Circumstances) -> bool:
    """Whether its closing is no reason to believe that the problem is gone: it was lost, or its camera was blind."""
    if episode.closing != Closing.LOST.value and not around.sight.was_blind(_eye(episode), episode.seen):
        return False
    # A box that restarts loses its open episodes; what it sees afterwards in the same zone takes their place.
    return not any(
        other.camera_id == episode.camera_id and other.zone == episode.zone and other.seen > episode.seen
        for other in episodes
        if other is not episode
    )
