"""A page to look at: the figures, and pictures with what was found, missed and imagined."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from models.evaluation.drawing import drawn, errors, save
from models.evaluation.labelled import BoxSet
from models.evaluation.matching import Matches
from models.evaluation.table import COLUMNS, WATER_COLUMNS, Measured, rows, water_rows
from models.evaluation.water_figures import WaterFigure
from models.evaluation.water_report import sections

PICTURES = 12
"""A contender and set: half of them evenly spaced, half those with the most errors."""
STYLE = """body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; max-width: 100rem; color: #222 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .2rem .6rem; text-align: right }
th { border-bottom: 1px solid #999 } td:nth-child(-n+4), th:nth-child(-n+4) { text-align: left }
figure { display: inline-block; margin: .5rem; width: 46rem; max-width: 100% } img { width: 100% }
b.hit { color: #2a2 } b.false { color: #d22 } b.missed { color: #b80 } b.water { color: #17c }
svg { margin-right: 1rem; font-size: 12px } svg .frame { fill: none; stroke: #999 }
svg .water, svg .flood { fill: #17c } svg .dry { fill: #d22 } svg .chance { stroke: #bbb; stroke-dasharray: 4 }
svg .curve { fill: none; stroke: #17c; stroke-width: 2 } svg .ring { fill: none; stroke: #d22 }"""


BOXES_LEGEND = (
    '<p>Boxes are shown from the score that gives a precision of 0.8: <b class="hit">right</b>, '
    '<b class="false">false</b> (with its score), <b class="missed">missed</b>.</p>'
)
WATER_LEGEND = (
    '<p>Where water was labelled, in an <b class="missed">outline</b>, what was found is <b class="hit">right</b> or '
    '<b class="false">false</b>; where only floods were, it is <b class="water">blue</b>.</p>'
)


def write(
    folder: Path, sets: Sequence[BoxSet], measured: Sequence[Measured], water: Sequence[WaterFigure], command: str
) -> Path:
    """Write index.html and its pictures; returns the page.

    Raises:
        OSError: the folder cannot be written.
    """
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    parts = [_head(command)]
    if measured:
        parts += [BOXES_LEGEND, _table([COLUMNS, *rows(measured)]), *_galleries(folder, sets, measured)]
    if water:
        parts += [WATER_LEGEND, _table([WATER_COLUMNS, *water_rows(water)]), *sections(folder, water)]
    page = folder / "index.html"
    page.write_text("\n".join([*parts, "</body></html>\n"]), encoding="utf-8")
    return page


def _head(command: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>What the eyes see</title>'
        f"<style>{STYLE}</style></head><body><h1>What the eyes see</h1><p><code>{escape(command)}</code></p>"
    )


def _table(lines: Sequence[tuple[str, ...]]) -> str:
    cells = ["".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in line) for tag, line in _tagged(lines)]
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in cells) + "</table>"


def _tagged(lines: Sequence[tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    return [("th" if number == 0 else "td", line) for number, line in enumerate(lines)]


def _galleries(folder: Path, sets: Sequence[BoxSet], measured: Sequence[Measured]) -> list[str]:
    return [
        _gallery(folder, pictures, one, number)
        for number, one in enumerate(measured)
        for pictures in sets
        if pictures.name == one.pictures and _shown(one)
    ]


def _shown(one: Measured) -> list[str]:
    """The targets to draw: classes one by one where there are several, or the boxes would lie on each other."""
    single = [target for target in one.figures if target != "vehicle"]
    return single or list(one.figures)


def _gallery(folder: Path, pictures: BoxSet, one: Measured, number: int) -> str:
    targets = _shown(one)
    scores = [one.figures[target].recall.score for target in targets]
    by_picture: list[list[Matches]] = [
        [one.looks.matches[target][row] for target in targets] for row in range(len(one.looks.names))
    ]
    counts = [errors(matches, scores) for matches in by_picture]
    chosen = _chosen([wrong + missed for _, wrong, missed in counts])
    figures = []
    for row, picture in enumerate(pictures.pictures()):
        if row not in chosen:
            continue
        name = f"pictures/{number:02d}-{row:05d}.jpg"
        save(folder / name, drawn(picture.image, by_picture[row], scores))
        right, wrong, missed = counts[row]
        figures.append(
            f'<figure><img src="{name}" alt="" loading="lazy"><figcaption>{escape(picture.name)}: '
            f'<b class="hit">{right} right</b>, <b class="false">{wrong} false</b>, '
            f'<b class="missed">{missed} missed</b></figcaption></figure>'
        )
    contender = one.looks.contender
    title = escape(f"{pictures.name}: {contender.name}, {contender.way}")
    return f"<h2>{title}</h2>{''.join(figures)}"


def _chosen(wrong: Sequence[int]) -> set[int]:
    """Evenly spaced ones, which are fair, and the worst, from which one learns most."""
    spaced = np.unique(np.linspace(0, len(wrong) - 1, min(PICTURES // 2, len(wrong))).round().astype(int))
    worst = np.argsort(-np.asarray(wrong), kind="stable")[: PICTURES // 2]
    return {int(row) for row in (*spaced, *worst)}
