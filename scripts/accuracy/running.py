"""Runs `sigap-edge analyze` on a clip, as a user would, and reads what it wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from scripts.accuracy.clips import Judged, Ready
from scripts.accuracy.episodes import gather
from scripts.accuracy.scoring import score

START = datetime(2026, 1, 1, tzinfo=UTC)
"""Where the analysis begins to count; any moment would do."""


class AnalysisError(Exception):
    """`sigap-edge analyze` refused a clip; the text is what it said."""


def analyse(ready: Ready, work: Path, *, attention: str, draw: bool = False) -> Judged:
    """Analyses a clip in a process of its own and scores what came out.

    Args:
        ready: the clip.
        work: folder for the events (NAME.jsonl) and the debug video (NAME.mp4).
        attention: full or adaptive.
        draw: make a debug video too.

    Raises:
        AnalysisError: the command did not succeed.
    """
    name = ready.clip.name
    events, drawing = work / f"{name}.jsonl", work / f"{name}.mp4"
    words = ["--config", str(ready.camera_file), "--camera", name, "--events", str(events), "--attention", attention]
    words += ["--start", START.isoformat(), *(["--draw", str(drawing)] if draw else [])]
    command = [str(Path(sys.executable).with_name("sigap-edge")), "analyze", str(ready.clip.video), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AnalysisError(f"{name}: {done.stderr.strip() or f'exit code {done.returncode}'}")
    stats = json.loads(done.stdout.splitlines()[-1])
    episodes = gather(events.read_text(encoding="utf-8").splitlines(), START)
    duration_s = stats["video_s"]
    incidents = tuple(incident.within(duration_s) for incident in ready.incidents)
    return Judged(
        name,
        duration_s,
        ready.watched,
        incidents,
        tuple(episodes),
        score(incidents, episodes, duration_s, ready.watched),
        stats,
        drawing if draw else None,
    )
