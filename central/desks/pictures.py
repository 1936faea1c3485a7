"""What a page shows of an incident's evidence: stills, and beside each the clip that moves."""

from collections.abc import Sequence
from dataclasses import dataclass

from central.evidence.models import Exhibit


@dataclass(frozen=True, slots=True)
class Picture:
    """A still, or a clip with the still that stands for it until it is played."""

    exhibit: Exhibit
    poster: Exhibit | None = None


def pictures(exhibits: Sequence[Exhibit]) -> list[Picture]:
    """In the order of `exhibits`, but each clip that has a still right after it."""
    stills = [exhibit for exhibit in exhibits if exhibit.arrived and exhibit.is_still]
    clips = [Picture(exhibit, _poster(exhibit, stills)) for exhibit in exhibits if not exhibit.is_still]
    shown: list[Picture] = []
    for exhibit in exhibits:
        if exhibit.is_still:
            shown.append(Picture(exhibit))
            shown += [clip for clip in clips if clip.poster is exhibit]
    return shown + [clip for clip in clips if clip.poster is None]


def _poster(clip: Exhibit, stills: Sequence[Exhibit]) -> Exhibit | None:
    """The still of the same moment of the same episode, else the nearest."""

    def distance(still: Exhibit) -> tuple[bool, bool, float]:
        apart_s = abs((still.time - clip.time).total_seconds())
        return still.episode_id != clip.episode_id, still.role != clip.role, apart_s

    return min(stills, key=distance, default=None)
