"""The report's page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from scripts.accuracy.clips import Judged
from scripts.accuracy.figures import KindFigures, Spread
from scripts.accuracy.page.timeline import timeline

STYLE = Path(__file__).with_name("style.css")
HEADINGS = (
    ("kind", ""), ("clips", ""), ("found", ""), ("missed", ""), ("false", ""), ("false / camera-hour", ""),
    ("onset error", "median · worst, s"), ("delay", "median · worst, s"), ("closing error", "median · worst, s"),
)  # fmt: skip


def page(judged: Sequence[Judged], figures: Sequence[KindFigures], notes: Sequence[str], subtitle: str) -> str:
    """The whole page.

    Args:
        judged: the clips, in the order in which they are shown.
        figures: of all of them, kind by kind.
        notes: what a reader must know about what is not in it.
        subtitle: how and when it was measured.
    """
    style = STYLE.read_text(encoding="utf-8")
    remarks = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sigap: accuracy of events</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>Accuracy of events</h1>
<p>{escape(subtitle)}</p>
</header>
<main>
{_tiles(figures)}
{_table(figures)}
<p class="legend">
<span><i class="swatch truth"></i>what happened</span>
<span><i class="swatch onset"></i>onset as the box gives it</span>
<span><i class="swatch said"></i>episode open</span>
<span><i class="swatch missed"></i>missed</span>
<span><i class="swatch false"></i>false alarm</span>
</p>
{"".join(_clip(clip) for clip in judged)}
{f'<section class="notes"><h2>Not in these figures</h2><ul>{remarks}</ul></section>' if remarks else ""}
</main>
</body>
</html>
"""


def _tiles(figures: Sequence[KindFigures]) -> str:
    found, missed = sum(kind.found for kind in figures), sum(kind.missed for kind in figures)
    false = sum(kind.false for kind in figures)
    tiles = (
        (f"{found} of {found + missed}", "incidents found", "good" if not missed else "bad"),
        (f"{missed}", "missed", "good" if not missed else "bad"),
        (f"{false}", "false alarms", "good" if not false else "bad"),
    )
    inner = "".join(f'<div class="tile {mark}"><b>{value}</b><span>{name}</span></div>' for value, name, mark in tiles)
    return f'<section class="tiles">{inner}</section>'


def _table(figures: Sequence[KindFigures]) -> str:
    head = "".join(f"<th>{name}{f'<small>{note}</small>' if note else ''}</th>" for name, note in HEADINGS)
    rows = "".join(_line(kind) for kind in figures)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _line(kind: KindFigures) -> str:
    cells = (
        f'<th scope="row"><i class="swatch {kind.kind}"></i>{escape(kind.kind.replace("_", " "))}</th>',
        f"<td>{kind.clips}</td>",
        f"<td>{kind.found} of {kind.found + kind.missed}</td>",
        f'<td class="{"bad" if kind.missed else "none"}">{kind.missed}</td>',
        f'<td class="{"bad" if kind.false else "none"}">{kind.false}</td>',
        f"<td>{kind.false_per_hour:.1f}</td>",
        *(f"<td>{spread(value)}</td>" for value in (kind.onset, kind.delay, kind.closing)),
    )
    return f"<tr>{''.join(cells)}</tr>"


def spread(value: Spread | None) -> str:
    """Median and worst as text; a dash where nothing was measured."""
    return "–" if value is None else f"{value.median_s:+.1f} · {value.worst_s:+.1f}"


def _clip(clip: Judged) -> str:
    score = clip.score
    counts = (
        ("found", len(score.found), "good"), ("missed", len(score.missed), "bad"), ("false", len(score.false), "bad"),
        ("repeated", len(score.repeated), "dim"), ("not due", len(score.excused), "dim"),
    )  # fmt: skip
    chips = "".join(f'<span class="chip {mark}">{count} {name}</span>' for name, count, mark in counts if count)
    quiet = "" if chips else '<span class="chip dim">nothing happened, nothing was said</span>'
    drawing = f'<a href="{escape(clip.drawing.name)}">debug video</a>' if clip.drawing else ""
    return f"""<article id="{escape(clip.name)}">
<h2>{escape(clip.name)} <small>{clip.duration_s:.0f} s</small> {chips}{quiet} {drawing}</h2>
<div class="wide">{timeline(clip)}</div>
</article>
"""
