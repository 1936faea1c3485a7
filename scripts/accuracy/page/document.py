"""The report as JSON, for programs that compare two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from scripts.accuracy.clips import Judged
from scripts.accuracy.figures import KindFigures


def document(judged: Sequence[Judged], figures: Sequence[KindFigures], notes: Sequence[str]) -> dict[str, Any]:
    """Everything on the page, in JSON's types; times in seconds."""
    return {
        "kinds": [{**asdict(kind), "false_per_hour": round(kind.false_per_hour, 3)} for kind in figures],
        "clips": [
            {
                "name": clip.name,
                "duration_s": clip.duration_s,
                "min_duration_s": dict(clip.watched),
                "incidents": [asdict(incident) for incident in clip.incidents],
                "episodes": [asdict(episode) for episode in clip.episodes],
                **asdict(clip.score),
                "stats": dict(clip.stats),
            }
            for clip in judged
        ],
        "notes": list(notes),
    }
