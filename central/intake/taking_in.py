"""Events of many boxes become episodes and incidents, in one go.

Updates and closings, which are most events, cost a few queries for all of them together and one for each incident; an
episode that is new looks for its incident by itself. Episodes and incidents are locked in the order of their ids.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from central.boxes.models import Camera
from central.clockwork.settling import bring_back, settle
from central.evidence.exhibits import claim
from central.incidents.joining import anchor_for, join, opened_by
from central.incidents.kinds import Kind
from central.incidents.lifecycle import Surroundings, review
from central.incidents.lifecycle import begin as begin_incident
from central.incidents.locking import lock
from central.incidents.models import Episode, Incident, Policy
from central.incidents.policies import policies
from central.incidents.steps import CHANGED_BY_ABSORB, Step, absorb, begin
from central.intake.reading import Read
from contract.evidence import SignedManifest

Cameras = dict[tuple[str, str], Camera]


def take_in(batch: Sequence[Read], now: datetime) -> None:
    """Inside the caller's transaction; any failure is the caller's to roll back.

    Raises:
        central.incidents.steps.ForeignStep: an event claims another one's episode.
    """
    steps = _steps_of(batch)
    rules = policies()
    new = _new(steps, rules)
    anchors = [anchor_for(episode, rules[episode.kind]) for episode in new]
    lock(anchors, _keys_that_may_return(list(steps)))
    known = _known(list(steps))
    for episode in known.values():
        for step in steps[episode.pk]:
            absorb(episode, step, rules[episode.kind])
    _save(known.values())
    bring_back(review(_incidents_of(known.values(), [anchor.key for anchor in anchors]), rules, now), now)
    around = Surroundings.of(new, now)
    for episode in new:
        _place(episode, rules, around)
    episodes = known | {episode.pk: episode for episode in new}
    _look_again(episodes.values(), rules, now)
    claim(_manifests(batch, episodes), now)


def _steps_of(batch: Sequence[Read]) -> dict[UUID, list[Step]]:
    """By episode, in the order of the batch."""
    cameras = _cameras(batch)
    steps: dict[UUID, list[Step]] = {}
    for one in batch:
        if one.event is not None:
            camera = cameras[one.event.box, one.event.camera]
            steps.setdefault(one.event.subject, []).append(Step.of(one.event, camera, one.row.received))
    return steps


def _cameras(batch: Sequence[Read]) -> Cameras:
    named = {(one.event.box, one.event.camera) for one in batch if one.event is not None}
    found = Camera.objects.filter(box_id__in={box for box, _ in named}, code__in={code for _, code in named})
    cameras = {(camera.box_id, camera.code): camera for camera in found}
    for box, code in sorted(named - cameras.keys()):
        # An event may come before the box's info that describes its cameras.
        cameras[box, code], _ = Camera.objects.get_or_create(box_id=box, code=code)
    return cameras


def _known(ids: Sequence[UUID]) -> dict[UUID, Episode]:
    locked = Episode.objects.select_for_update(of=("self",)).select_related("camera")
    return {episode.pk: episode for episode in locked.filter(pk__in=ids).order_by("pk")}


def _save(episodes: Sequence[Episode]) -> None:
    # An upsert of rows that exist: one statement for all of them.
    Episode.objects.bulk_create(episodes, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED_BY_ABSORB)


def _keys_that_may_return(episodes: Sequence[UUID]) -> list[str]:
    """Of incidents that are over and of which these episodes may tell something new."""
    over = Episode.objects.filter(pk__in=episodes, incident__state__in=Incident.OVER_STATES)
    return list(over.values_list("incident__key", flat=True))


def _incidents_of(episodes: Collection[Episode], keys: Collection[str]) -> list[Incident]:
    """Those of known episodes; those new ones will probably join (by their keys) are locked with them, in one order."""
    ids = {episode.incident_id for episode in episodes}
    wanted = Q(pk__in=ids) | Q(key__in=keys, state__in=Incident.OPEN_STATES)
    locked = Incident.objects.select_for_update().filter(wanted).order_by("pk")
    return [incident for incident in locked if incident.pk in ids]


def _new(steps: Mapping[UUID, Sequence[Step]], rules: Mapping[str, Policy]) -> list[Episode]:
    # Nobody else adds one of these meanwhile: a stream's events are applied by one worker at a time.
    known = set(Episode.objects.filter(pk__in=list(steps)).values_list("pk", flat=True))
    return [_begun(steps[pk], rules) for pk in steps if pk not in known]


def _begun(steps: Sequence[Step], rules: Mapping[str, Policy]) -> Episode:
    policy = rules[steps[0].kind]
    episode = begin(steps[0], policy)
    for step in steps[1:]:
        absorb(episode, step, policy)
    return episode


def _place(episode: Episode, rules: Mapping[str, Policy], around: Surroundings) -> None:
    policy, now = rules[episode.kind], around.now
    joined = join(episode, policy, lambda incident, until: settle(incident, until, policy, now))
    if joined is None:
        # Faults of its camera that came in the same batch are looked at afterwards, see `_look_again`.
        begin_incident(opened_by(episode, policy, now), episode, policy, around)
        return
    episode.incident = joined
    episode.save(force_insert=True)
    bring_back(review([episode.incident], rules, now), now)


def _look_again(episodes: Iterable[Episode], rules: Mapping[str, Policy], now: datetime) -> None:
    """A fault means that its camera saw nothing, perhaps since before it was said to see a problem gone."""
    blind = {episode.camera_id for episode in episodes if episode.kind == Kind.CAMERA_FAULT}
    if blind:
        seen = Episode.objects.filter(camera__in=blind, incident__state__in=Incident.OPEN_STATES)
        others = seen.exclude(kind=Kind.CAMERA_FAULT).values("incident")
        review(Incident.objects.select_for_update().filter(pk__in=others).order_by("pk"), rules, now)


def _manifests(batch: Sequence[Read], episodes: Mapping[UUID, Episode]) -> list[tuple[Episode, SignedManifest]]:
    return [
        (episodes[one.event.subject], signed)
        for one in batch
        if one.event is not None
        for signed in one.event.data.evidence
    ]
