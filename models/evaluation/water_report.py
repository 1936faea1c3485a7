"""What water models saw, to look at: masks against what was labelled, and floods taken for dry streets."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.detector import Image
from models.evaluation.charts import histogram, roc_chart
from models.evaluation.drawing import save, water_drawn, water_found
from models.evaluation.table import share
from models.evaluation.water_figures import FloodLooks, MaskLooks, WaterFigure

PICTURES = 6
"""Of each kind: best and worst masks, false alarms and missed floods."""

Captioned = tuple[Image, str]


def sections(folder: Path, figures: Sequence[WaterFigure]) -> Iterator[str]:
    """A section of the page for every figure; its pictures are written to `folder`/pictures.

    Raises:
        OSError: the folder cannot be written.
    """
    for number, one in enumerate(figures):
        yield f"<h2>{escape(f'{one.pictures}: {one.model}, {one.what}')}</h2>"
        yield f"<p>{one.what} {share(one.value)}, 95 % over {escape(one.over)}: {one.interval}</p>"
        prefix = f"pictures/water-{number:02d}"
        if isinstance(one.looks, MaskLooks):
            yield from _masks(folder, prefix, one.looks)
        else:
            yield from _floods(folder, prefix, one.looks)


def _masks(folder: Path, prefix: str, looks: MaskLooks) -> Iterator[str]:
    found = np.array([overlap.iou for overlap in looks.overlaps])
    worst, best = extremes(found, np.array([overlap.either > 0 for overlap in looks.overlaps]))
    yield f"<p>IoU of a picture: median {np.median(found):.3f}, least {found.min():.3f}, most {found.max():.3f}.</p>"
    yield histogram({"water": found}, "IoU of a picture")
    wanted = {*worst, *best}
    drawn: dict[int, Captioned] = {}
    for row, (name, image, label) in enumerate(looks.pictures.items()):
        if row in wanted:
            (look,) = looks.model.look([image])
            mask = look.mask(image.shape[1], image.shape[0])
            caption = (
                f"{escape(name)}: IoU {found[row]:.3f}; {mask.mean():.0%} found, {label.mean():.0%} labelled as water"
            )
            drawn[row] = water_drawn(image, mask, label), caption
    yield _gallery(folder, prefix, "Worst masks", worst, drawn)
    yield _gallery(folder, prefix, "Best masks", best, drawn)


def _floods(folder: Path, prefix: str, looks: FloodLooks) -> Iterator[str]:
    above, scores, flood = looks.model.card.flood_above, looks.scores, looks.floods
    taken = scores >= above
    yield (
        f'<p>From {above:g} up: <b class="hit">{(taken & flood).sum()} of {flood.sum()} floods found</b>, '
        f'<b class="missed">{(~taken & flood).sum()} missed</b>, <b class="false">{(taken & ~flood).sum()} false '
        f"alarms</b> in {(~flood).sum()} pictures without.</p>"
    )
    yield roc_chart(scores, flood, above)
    yield histogram({"flood": scores[flood], "dry": scores[~flood]}, "probability of a flood (red: without one)")
    alarms = _first(np.where(flood, -np.inf, scores))
    missed = _first(np.where(flood, -scores, -np.inf))
    wanted = {*alarms, *missed}
    drawn: dict[int, Captioned] = {}
    for row, (name, image, is_flood, camera) in enumerate(looks.pictures.items()):
        if row in wanted:
            (look,) = looks.model.look([image])
            verdict = "hit" if taken[row] == is_flood else "missed" if is_flood else "false"
            caption = f'{escape(name)}, camera {escape(camera)}: <b class="{verdict}">{scores[row]:.3f}</b>'
            drawn[row] = water_found(image, look.mask(image.shape[1], image.shape[0])), caption
    yield _gallery(folder, prefix, "Highest without a flood", alarms, drawn)
    yield _gallery(folder, prefix, "Lowest with a flood", missed, drawn)


def extremes(found: NDArray[np.floating], telling: NDArray[np.bool_]) -> tuple[list[int], list[int]]:
    """Rows of the worst pictures and of the best, none in both; both arguments are [n].

    `telling`: where either mask has a pixel. Of the others the best show nothing, so they are left out.
    """
    order = [int(row) for row in np.argsort(found, kind="stable") if telling[row]]
    worst = order[: min(PICTURES, -(-len(order) // 2))]
    return worst, order[len(worst) :][::-1][:PICTURES]


def _first(values: NDArray[np.floating]) -> list[int]:
    order = np.argsort(-values, kind="stable")[:PICTURES]
    return [int(row) for row in order if np.isfinite(values[row])]


def _gallery(folder: Path, prefix: str, title: str, rows: Sequence[int], drawn: dict[int, Captioned]) -> str:
    figures = []
    for row in rows:
        image, caption = drawn[row]
        name = f"{prefix}-{row:05d}.jpg"
        save(folder / name, image)
        figures.append(f'<figure><img src="{name}" alt="" loading="lazy"><figcaption>{caption}</figcaption></figure>')
    return f"<h3>{title}</h3>{''.join(figures)}" if figures else ""
