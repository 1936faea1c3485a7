"""Truth against episodes: what was found, missed, invented, and how late.

The rules:

* An episode and an incident belong together when kind and place (zone; of a camera fault, which fault) are the same,
  their times overlap, and the episode did not open more than EARLY_S before the incident began, or goes on from one
  before.
* An incident is counted once, with the first such episode; further ones are *repeated*, neither found nor false.
* One episode may answer for several incidents that it lasts through.
* An incident too short to be due (see `due`) is not missed when nothing was said of it; an episode about it is not
  false.
* Every other episode is *false*.
* Where the clip begins within an incident its onset is not measured; where it ends within one, its end is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contract.kinds import IncidentKind
from scripts.accuracy.episodes import Episode
from scripts.accuracy.truth import Incident

EARLY_S = 5.0
"""An alarm sooner before an incident than this was about something else."""
NOTICING_S = 5.0
"""On top of the minimum duration a kind needs some looks: an incident this much longer is due."""
EDGE_S = 0.5
"""An incident that begins or ends this near the clip's edge goes on beyond it."""


@dataclass(frozen=True, slots=True)
class Found:
    """An incident and the episode that told of it.

    Attributes:
        incident: what happened.
        episode: what was said.
        onset_error_s: the box's onset minus the true one; None where the clip begins within the incident, or the
            episode with one before.
        delay_s: from the true onset to the opening, the minimum duration included; None as above.
        closing_error_s: from the true end to the closing, the hold included; None where either is not in the clip, or
            the episode goes on for another incident.
    """

    incident: Incident
    episode: Episode
    onset_error_s: float | None
    delay_s: float | None
    closing_error_s: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """What became of everything in one clip.

    Attributes:
        found: incidents that were told of.
        missed: due incidents that were not.
        false: episodes about nothing.
        repeated: episodes about what had been told already.
        excused: incidents not due and not told of.
    """

    found: tuple[Found, ...] = ()
    missed: tuple[Incident, ...] = ()
    false: tuple[Episode, ...] = ()
    repeated: tuple[Episode, ...] = ()
    excused: tuple[Incident, ...] = ()


def score(
    incidents: Sequence[Incident],
    episodes: Sequence[Episode],
    duration_s: float,
    min_duration_s: Mapping[IncidentKind, float],
) -> Score:
    """Compares one clip's truth with what was said about it.

    Args:
        incidents: what happened, of any kind.
        episodes: what the box said.
        duration_s: of the clip.
        min_duration_s: for each kind the box was told to look for, how long a problem must last until it is one.
            Incidents of other kinds are left out.
    """
    watched = [incident for incident in incidents if incident.kind in min_duration_s]
    found: list[Found] = []
    missed: list[Incident] = []
    excused: list[Incident] = []
    used: set[int] = set()
    explained: set[int] = set()
    for incident in sorted(watched, key=lambda incident: incident.from_s):
        fitting = [
            number
            for number, episode in enumerate(episodes)
            if overlap(incident, episode, duration_s) and (number in explained or not too_early(incident, episode))
        ]
        explained.update(fitting)
        if not fitting:
            (missed if due(incident, min_duration_s[incident.kind]) else excused).append(incident)
            continue
        first = min(fitting, key=lambda number: episodes[number].opened_s)
        found.append(_found(incident, episodes[first], duration_s, goes_on=first in used))
        used.add(first)
    return Score(
        tuple(_ended_by_the_last(found)),
        tuple(missed),
        tuple(episode for number, episode in enumerate(episodes) if number not in explained),
        tuple(episode for number, episode in enumerate(episodes) if number in explained - used),
        tuple(excused),
    )


def overlap(incident: Incident, episode: Episode, duration_s: float) -> bool:
    """Whether both are about the same thing at the same time."""
    if (incident.kind, incident.about) != (episode.kind, episode.about):
        return False
    ends_s = duration_s if episode.closed_s is None else episode.closed_s
    return min(ends_s, incident.to_s) > max(episode.began_s, incident.from_s)


def too_early(incident: Incident, episode: Episode) -> bool:
    """Whether the episode opened so long before the incident that it was about something else."""
    return episode.opened_s < incident.from_s - EARLY_S


def due(incident: Incident, min_duration_s: float) -> bool:
    """Whether the incident lasts long enough that a box told to wait `min_duration_s` must tell of it."""
    return incident.length_s >= min_duration_s + NOTICING_S


def _found(incident: Incident, episode: Episode, duration_s: float, *, goes_on: bool) -> Found:
    onset_known = incident.from_s > EDGE_S and not goes_on
    end_known = incident.to_s < duration_s - EDGE_S and episode.closed_s is not None
    return Found(
        incident,
        episode,
        round(episode.began_s - incident.from_s, 3) if onset_known else None,
        round(episode.opened_s - incident.from_s, 3) if onset_known else None,
        round(episode.closed_s - incident.to_s, 3) if end_known and episode.closed_s is not None else None,
    )


def _ended_by_the_last(found: Sequence[Found]) -> list[Found]:
    """An episode that lasts through several incidents closes after the last of them only."""
    last = {id(one.episode): one for one in found}
    return [
        one if last[id(one.episode)] is one else Found(one.incident, one.episode, one.onset_error_s, one.delay_s, None)
        for one in found
    ]
