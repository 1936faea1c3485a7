"""Small charts as SVG inside a page: no library, no script."""

from collections.abc import Mapping
from html import escape

import numpy as np
from numpy.typing import NDArray

from models.evaluation.auc import roc

SIDE, MARGIN = 220, 36
BINS = 10


def roc_chart(scores: NDArray[np.floating], positive: NDArray[np.bool_], above: float) -> str:
    """Share found over share of false alarms, with a ring where scores from `above` up are taken for yes.

    `scores` and `positive` are [n]; empty where one of yes and no is absent.
    """
    if not positive.any() or positive.all():
        return ""
    false, true = roc(scores, positive)
    line = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in zip(false, true, strict=True))
    taken = scores >= above
    x, y = float(taken[~positive].mean()), float(taken[positive].mean())
    return _chart(
        f'<polyline class="chance" points="{_x(0)},{_y(0)} {_x(1)},{_y(1)}"/><polyline class="curve" points="{line}"/>'
        f'<circle class="ring" cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="5"><title>from {above:g}: {y:.3f} found, '
        f"{x:.3f} false</title></circle>",
        "share of false alarms",
        "share found",
        "1",
    )


def histogram(groups: Mapping[str, NDArray[np.floating]], what: str) -> str:
    """How many values, 0 to 1, lie in each tenth; a group is a colour, by its class in the page's style."""
    edges = np.linspace(0, 1, BINS + 1)
    counts = {name: np.histogram(values, edges)[0] for name, values in groups.items()}
    highest = max(1, *(int(count.max()) for count in counts.values()))
    wide = SIDE / BINS / len(counts)
    bars = [
        f'<rect class="{escape(name)}" x="{_x(edges[bin]) + row * wide:.1f}" y="{_y(count / highest):.1f}" '
        f'width="{wide - 1:.1f}" height="{SIDE * count / highest:.1f}"><title>{escape(name)}: {count}</title></rect>'
        for row, (name, found) in enumerate(counts.items())
        for bin, count in enumerate(found.tolist())  # noqa: A001
        if count
    ]
    return _chart("".join(bars), what, "pictures", str(highest))


def _chart(inside: str, below: str, left: str, top: str) -> str:
    size, middle = SIDE + 2 * MARGIN, SIDE / 2 + MARGIN
    return (
        f'<svg role="img" aria-label="{escape(left)} over {escape(below)}" width="{size}" height="{size}">'
        f'<rect class="frame" x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}"/>{inside}'
        f'<text x="{middle}" y="{size - 8}" text-anchor="middle">{escape(below)}</text>'
        f'<text x="{-middle}" y="14" text-anchor="middle" transform="rotate(-90)">{escape(left)}</text>'
        f'<text x="{MARGIN}" y="{size - 22}" text-anchor="middle">0</text>'
        f'<text x="{SIDE + MARGIN}" y="{size - 22}" text-anchor="middle">1</text>'
        f'<text x="{MARGIN - 4}" y="{MARGIN + 5}" text-anchor="end">{escape(top)}</text></svg>'
    )


def _x(share: float) -> float:
    return MARGIN + SIDE * share


def _y(share: float) -> float:
    return MARGIN + SIDE * (1 - share)
