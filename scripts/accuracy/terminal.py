"""What `make accuracy` prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from scripts.accuracy.clips import Judged
from scripts.accuracy.figures import KindFigures
from scripts.accuracy.page.html import spread


def tell_clip(console: Console, clip: Judged) -> None:
    """One line about a clip that was analysed."""
    score = clip.score
    words = [
        f"[green]{len(score.found)} found[/green]" if score.found else "",
        f"[red]{len(score.missed)} missed[/red]" if score.missed else "",
        f"[red]{len(score.false)} false[/red]" if score.false else "",
        f"{len(score.repeated)} repeated" if score.repeated else "",
        f"{len(score.excused)} not due" if score.excused else "",
    ]
    told = ", ".join(word for word in words if word) or "[dim]nothing happened, nothing was said[/dim]"
    console.print(f"  {clip.name:26} {clip.duration_s:4.0f} s  {told}")
    for incident in score.missed:
        console.print(f"    [red]missed[/red] {incident.kind} {incident.about} from {incident.from_s:.1f} s")
    for episode in score.false:
        console.print(f"    [red]false[/red]  {episode.kind} {episode.about} at {episode.opened_s:.1f} s")


def tell_figures(console: Console, figures: Sequence[KindFigures]) -> None:
    """The table of the report."""
    table = Table("kind", box=None, header_style="bold", pad_edge=False)
    for name in ("found", "missed", "false", "per hour", "onset, s", "delay, s", "closing, s"):
        table.add_column(name, justify="right", no_wrap=True)
    for kind in figures:
        table.add_row(
            kind.kind.value,
            f"{kind.found} of {kind.found + kind.missed}",
            str(kind.missed),
            str(kind.false),
            f"{kind.false_per_hour:.1f}",
            *(spread(value) for value in (kind.onset, kind.delay, kind.closing)),
        )
    console.print(table)
