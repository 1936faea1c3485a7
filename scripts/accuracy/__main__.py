"""Score the events of `sigap-edge analyze` on the clips whose truth is known.

Writes index.html and accuracy.json. Times: an onset error or a delay is positive when the box is late.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from contract.kinds import IncidentKind
from edge.config.problems import ConfigError
from scripts.accuracy import clips, terminal
from scripts.accuracy.cameras import known_kinds
from scripts.accuracy.clips import Judged, Ready
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
    without: Annotated[list[IncidentKind] | None, typer.Option(help="kinds not to look for")] = None,
    draw: Annotated[bool, typer.Option("--draw", help="make a debug video of each clip too")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="exit code 1 when anything is missed or false")] = False,
) -> None:
    """Analyse the clips, compare events with truth, write the report; exit code 2 when a clip could not be analysed."""
    console = Console(highlight=False, soft_wrap=True)
    out.mkdir(parents=True, exist_ok=True)
    kinds = set(known_kinds()) - set(without or ())
    notes = _left_out(kinds, without or (), real)
    for note in notes:
        console.print(f"[yellow]skipped[/yellow] {note}")
    there = [clip for folder in rendered or [SAMPLES] for clip in clips.rendered(folder)]
    there += clips.real(TRUTHS, CAMERAS, real)
    judged: list[Judged] = []
    failed = False
    try:
        for clip in clips.chosen(there, names or []):
            ready = clips.prepare(clip, out, kinds)
            if not ready.watched:
                notes.append(_nothing_to_look_for(ready))
                console.print(f"[yellow]skipped[/yellow] {notes[-1]}")
                continue
            try:
                with console.status(f"{clip.name} …"):
                    judged.append(analyse(ready, out, attention=attention, draw=draw))
                terminal.tell_clip(console, judged[-1])
            except AnalysisError as error:
                failed = True
                notes.append(str(error))
                console.print(f"[red]failed[/red]  {error}")
    except (ConfigError, ValueError) as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(USAGE_ERROR) from error
    figures = by_kind(judged)
    terminal.tell_figures(console, figures)
    subtitle = f"{len(judged)} clips, {attention} attention, {datetime.now(UTC):%d %B %Y %H:%M} UTC"
    (out / "index.html").write_text(page(judged, figures, notes, subtitle), encoding="utf-8")
    (out / "accuracy.json").write_text(json.dumps(document(judged, figures, notes), indent=1), encoding="utf-8")
    console.print(f"report: {out / 'index.html'}")
    if failed:
        raise typer.Exit(USAGE_ERROR)
    if strict and any(kind.missed or kind.false for kind in figures):
        raise typer.Exit(UNSUCCESSFUL)


def _left_out(kinds: Collection[IncidentKind], without: Collection[IncidentKind], real: Path) -> list[str]:
    """What is not in the figures, and why."""
    unknown = [kind.value for kind in IncidentKind if kind not in kinds and kind not in without]
    return [
        *([] if real.is_dir() else [f"real clips: {real} is not there"]),
        *([f"{', '.join(unknown)}: the installed box cannot look for that yet"] if unknown else []),
        *([f"{', '.join(kind.value for kind in without)}: not wanted"] if without else []),
    ]


def _nothing_to_look_for(ready: Ready) -> str:
    missing = ", ".join(sorted(kind.value for kind in ready.skipped)) or "any kind in its zones"
    return f"{ready.clip.name}: {missing} is not looked for"


if __name__ == "__main__":
    typer.run(main)
