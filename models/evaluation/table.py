"""Figures as rows of text: for the terminal, for docs/benchmarks.md and for the report."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.evaluation.false_alarms import SCORES, FalseAlarms
from models.evaluation.looking import Figures, Looks
from models.evaluation.recall import PRECISION, SIZE_NAMES
from models.evaluation.water_figures import WaterFigure

COLUMNS = (
    "set", "detector", "looks at", "what", "things", "AP50", "95 %",
    f"recall at precision {PRECISION:g}", "95 %", "from score", *SIZE_NAMES, "ms a picture",
)  # fmt: skip

WATER_COLUMNS = ("set", "model", "what", "pictures", "figure", "95 %", "over", "ms a picture")

ALARM_COLUMNS = (
    "video", "detector", "looks at", "what", "frames", *(f"in 100 frames from {score:g}" for score in SCORES)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """One contender at one set: what it saw and what that comes to, by target."""

    pictures: str
    looks: Looks
    figures: dict[str, Figures]


def rows(measured: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    """A row for every target of every contender, as in COLUMNS."""
    for one in measured:
        contender = one.looks.contender
        for target, figure in one.figures.items():
            recall = figure.recall
            yield (
                one.pictures, contender.name, contender.way, target, str(figure.things),
                share(figure.ap50), str(figure.ap50_interval),
                share(recall.share), str(figure.recall_interval), share(recall.score),
                *(f"{share(found)} of {count}" if count else "" for found, count in
                  zip(recall.by_size, recall.counts, strict=True)),
                f"{median(one.looks.milliseconds):.1f}",
            )  # fmt: skip


def water_rows(found: Iterable[WaterFigure]) -> Iterator[tuple[str, ...]]:
    """A row for every figure of a water model, as in WATER_COLUMNS."""
    for one in found:
        yield (
            one.pictures, one.model, one.what, str(one.count), share(one.value), str(one.interval), one.over,
            f"{one.milliseconds:.1f}",
        )  # fmt: skip


def alarm_rows(found: Sequence[FalseAlarms]) -> Iterator[tuple[str, ...]]:
    """A row for every video and contender, as in ALARM_COLUMNS, and one for all videos."""
    together = []
    for contender in dict.fromkeys(one.contender for one in found):
        parts = [one for one in found if one.contender == contender]
        scores = np.concatenate([one.scores for one in parts])
        together.append(FalseAlarms("all", contender, parts[0].kind, sum(one.frames for one in parts), scores))
    for one in [*found, *(together if len(found) > len(together) else [])]:
        yield (
            one.video, one.contender.name, one.contender.way, one.kind, str(one.frames),
            *(f"{one.in_100_frames(score):.2f}" for score in SCORES),
        )  # fmt: skip


def share(value: float) -> str:
    """A figure between 0 and 1; a dash where there is none."""
    return f"{value:.3f}" if math.isfinite(value) else "–"


def print_table(columns: Sequence[str], lines: Iterable[tuple[str, ...]]) -> None:
    """Print a table as Markdown."""
    table = Table(box=box.MARKDOWN)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < 3 else "right", no_wrap=True)
    for line in lines:
        table.add_row(*map(Text, line))
    # One line a row, however narrow the terminal: the table is pasted into docs/benchmarks.md.
    Console(width=400).print(table, soft_wrap=True)
