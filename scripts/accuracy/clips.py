"""The clips there are, with their truth and the camera file to look with."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from contract.kinds import IncidentKind
from edge.config.document import load
from scripts.accuracy.cameras import camera_for, reduced
from scripts.accuracy.episodes import Episode
from scripts.accuracy.scoring import Score
from scripts.accuracy.truth import Incident, joined, read


@dataclass(frozen=True, slots=True)
class Clip:
    """A video with its truth.

    Attributes:
        name: also the camera's id.
        video: the file.
        truth: JSON of a rendered clip, or YAML about a real one.
        camera: the camera file; None where it is made from the truth.
    """

    name: str
    video: Path
    truth: Path
    camera: Path | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A clip that can be analysed.

    Attributes:
        clip: which.
        camera_file: its camera file.
        watched: how long each kind must last that the camera file asks for, seconds.
        incidents: the truth of these kinds, those nearer than the hold made one.
        skipped: kinds that happen in the clip and may not be looked for.
    """

    clip: Clip
    camera_file: Path
    watched: Mapping[IncidentKind, float]
    incidents: tuple[Incident, ...]
    skipped: frozenset[IncidentKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Judged:
    """A clip that was analysed.

    Attributes:
        name: of the clip.
        duration_s: of the clip.
        watched: the kinds looked for, and how long each must last.
        incidents: what happened.
        episodes: what was said.
        score: what became of both.
        stats: what the analysis cost.
        drawing: the debug video beside the report, where one was made.
    """

    name: str
    duration_s: float
    watched: Mapping[IncidentKind, float]
    incidents: tuple[Incident, ...]
    episodes: tuple[Episode, ...]
    score: Score
    stats: Mapping[str, float] = field(default_factory=dict)
    drawing: Path | None = None


def rendered(folder: Path) -> list[Clip]:
    """The rendered clips of a folder: every NAME.json with a NAME.mp4 beside it."""
    return [
        Clip(truth.stem, truth.with_suffix(".mp4"), truth)
        for truth in sorted(folder.glob("*.json"))
        if truth.with_suffix(".mp4").is_file()
    ]


def real(truths: Path, cameras: Path, videos: Path) -> list[Clip]:
    """The real clips whose truth and camera file are in the repository and whose video lies in `videos`."""
    return [
        Clip(truth.stem, videos / f"{truth.stem}.mp4", truth, cameras / f"{truth.stem}.yaml")
        for truth in sorted(truths.glob("*.yaml"))
        if (videos / f"{truth.stem}.mp4").is_file()
    ]


def prepare(clip: Clip, work: Path, kinds: Collection[IncidentKind]) -> Ready:
    """Writes the camera file and reads the truth.

    Args:
        clip: which.
        work: folder for the camera file.
        kinds: what may be looked for.

    Raises:
        ValueError: the truth cannot be read.
        ConfigError: the camera file is wrong.
    """
    if clip.camera is None:
        document = camera_for(json.loads(clip.truth.read_text(encoding="utf-8")), clip.name, kinds)
    else:
        document = reduced(yaml.safe_load(clip.camera.read_text(encoding="utf-8")), kinds, clip.camera.parent)
    camera_file = work / f"{clip.name}.camera.yaml"
    camera_file.write_text(yaml.safe_dump(document, sort_keys=False, default_flow_style=None), encoding="utf-8")
    incidents = load(camera_file, "analyze").document.cameras[clip.name].incidents
    sections = {kind: getattr(incidents, kind, None) for kind in IncidentKind}
    watched = {kind: _least_s(section) for kind, section in sections.items() if section is not None}
    hold_s = {kind: float(getattr(section, "hold", 0.0)) for kind, section in sections.items() if section is not None}
    told = read(clip.truth)
    known = [
        one
        for kind in watched
        for one in joined([incident for incident in told if incident.kind is kind], hold_s[kind])
    ]
    skipped = frozenset(incident.kind for incident in told if incident.kind not in kinds)
    ordered = tuple(sorted(known, key=lambda incident: incident.from_s))
    return Ready(clip, camera_file, watched, ordered, skipped)


def chosen(clips: Sequence[Clip], names: Sequence[str]) -> list[Clip]:
    """The clips with these names; all where none is given.

    Raises:
        ValueError: there is no clip of that name.
    """
    unknown = sorted(set(names) - {clip.name for clip in clips})
    if unknown:
        raise ValueError(f"no clip {', '.join(unknown)}; there are {', '.join(clip.name for clip in clips) or 'none'}")
    return [clip for clip in clips if not names or clip.name in names]


def _least_s(section: object) -> float:
    """For how long a problem must last until it opens an episode."""
    for name in ("min_duration", "dwell"):
        if hasattr(section, name):
            return float(getattr(section, name))
    return 0.0
