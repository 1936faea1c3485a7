"""Score the events of `sigap-edge analyze` on the clips whose truth is known.

Writes index.html and accuracy.json. Times: an onset error or a delay is positive when the box is late.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from contract.kinds import IncidentKind
from edge.config.problems import ConfigError
from scripts.accuracy import clips, terminal
from scripts.accuracy.cameras import known_kinds
from scripts.accuracy.clips import Clip, Judged
from scripts.accuracy.figures import by_kind
from scripts.accuracy.page.document import document
from scripts.accuracy.page.html import page
from scripts.accuracy.running import AnalysisError, analyse

ROOT = Path(__file__).parents[2]
SAMPLES, OUT = ROOT / "sample_videos", ROOT / "build" / "accuracy"
REAL = ROOT.parent / "shared" / "data" / "videos"
TRUTHS, CAMERAS = ROOT / "tests" / "accuracy" / "truth", ROOT / "tests" / "accuracy" / "cameras"
UNSUCCESSFUL, USAGE_ERROR = 1, 2


def main(
    names: Annotated[list[str] | None, typer.Argument(help="clips; all of them without one")] = None,
    rendered: Annotated[list[Path] | None, typer.Option(help="folders of rendered clips with their truth")] = None,
    real: Annotated[Path, typer.Option(help="folder of the real clips")] = REAL,
    out: Annotated[Path, typer.Option(help="folder for the report, the events and the debug videos")] = OUT,
    attention: Annotated[Literal["full", "adaptive"], typer.Option(help="as for `sigap-edge analyze`")] = "full",
    *,
    draw: Annotated[bool, typer.Option("--draw", help="make a debug video of each clip too")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="exit code 1 when anything is missed or false")] = False,
) -> None:
    """Analyse the clips, compare events with truth, write the report."""
    console = Console(highlight=False, soft_wrap=True)
    out.mkdir(parents=True, exist_ok=True)
    notes = [] if real.is_dir() else [f"real clips: {real} is not there"]
    unknown = [kind.value for kind in IncidentKind if kind not in known_kinds()]
    if unknown:
        notes.append(f"{', '.join(unknown)}: the installed box cannot look for that yet")
    for note in notes:
        console.print(f"[yellow]skipped[/yellow] {note}")
    try:
        there = [clip for folder in rendered or [SAMPLES] for clip in clips.rendered(folder)]
        there += clips.real(TRUTHS, CAMERAS, real)
        judged = _judge(console, clips.chosen(there, names or []), out, notes, attention=attention, draw=draw)
    except (AnalysisError, ConfigError, ValueError) as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(USAGE_ERROR) from error
    figures = by_kind(judged)
    terminal.tell_figures(console, figures)
    subtitle = f"{len(judged)} clips, {attention} attention, {datetime.now(UTC):%d %B %Y %H:%M} UTC"
    (out / "index.html").write_text(page(judged, figures, notes, subtitle), encoding="utf-8")
    (out / "accuracy.json").write_text(json.dumps(document(judged, figures, notes), indent=1), encoding="utf-8")
    console.print(f"report: {out / 'index.html'}")
    if strict and any(kind.missed or kind.false for kind in figures):
        raise typer.Exit(UNSUCCESSFUL)


def _judge(
    console: Console, chosen: list[Clip], out: Path, notes: list[str], *, attention: str, draw: bool
) -> list[Judged]:
    """Analyses one clip after the other; a clip in which the box could look for nothing becomes a note."""
    judged = []
    for clip in chosen:
        ready = clips.prepare(clip, out)
        if not ready.watched:
            missing = ", ".join(sorted(kind.value for kind in ready.skipped)) or "any kind in its zones"
            notes.append(f"{clip.name}: the installed box cannot look for {missing} yet")
            console.print(f"[yellow]skipped[/yellow] {notes[-1]}")
            continue
        with console.status(f"{clip.name} …"):
            judged.append(analyse(ready, out, attention=attention, draw=draw))
        terminal.tell_clip(console, judged[-1])
    return judged


if __name__ == "__main__":
    typer.run(main)
