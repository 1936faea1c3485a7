"""The view a camera usually has in one light: its static edges, learned from sound pictures only."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from edge.perception.quality.plate import Field, Grid, Plate, blocks

KNOWN_LOOKS = 3
KNOWN_S = 3.0
"""A view is known after so many looks over so long."""
SETTLED_LOOKS = 30
"""Until then every look weighs the same; then the memory is exponential."""
MEMORY_S = 1800.0
"""Time constant of that memory: shadows wander within it, a fault is found long before."""
STRUCTURE = 0.04
"""A block with less (mean square of the mean field, 0–1) is bare: it can tell nothing about the view."""
HERE = 0.5
GONE = 0.3
"""Share of a block's usual edges from which it is in its place, and under which it is lost."""
FLAT = 0.4
"""A lost block with less than this share of its usual gradient shows nothing at all."""
BLACK = 0.06
"""Brightness under which a block is black."""
COLOURLESS = 0.02
"""Colour of a view that has none, 0–1: nothing can be less coloured."""
FEW = 0.2
"""Share of the blocks with structure that must be in their place for what is measured on them to count."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A picture against the usual view; shares are of the blocks that have structure.

    Attributes:
        alike: share of the usual static edges that are where they belong, 0–1.
        kept: share of the blocks that are in their place.
        lost: share of the blocks that are not there.
        flat: share of the blocks that are lost and show no structure any more.
        flat_black: the part of `flat` that is black.
        sharpness: fine detail over the usual, in the blocks that are in their place; None where they are too few.
        light: brightness over the usual, likewise.
        colour: colourfulness over the usual; 1 where there usually is none.
    """

    alike: float
    kept: float
    lost: float
    flat: float
    flat_black: float
    sharpness: float | None
    light: float | None
    colour: float


@dataclass(frozen=True, slots=True, eq=False)
class UsualView:
    """Means over sound pictures of one light.

    Attributes:
        looks: how many pictures it was learned from.
        since: time of the first, epoch seconds.
        time: time of the newest.
        field: mean of the pictures' fields: long where an edge never moves, short where traffic passes.
        gradient, detail, light, colour: means of what `Plate` calls so.
    """

    looks: int
    since: float
    time: float
    field: Field
    gradient: Grid
    detail: Grid
    light: Grid
    colour: float

    @classmethod
    def first(cls, plate: Plate, time: float) -> Self:
        """Of the first picture."""
        return cls(1, time, time, plate.field, plate.gradient, plate.detail, plate.light, plate.colour)

    @property
    def known(self) -> bool:
        """Whether enough was seen to compare others with it."""
        return self.looks >= KNOWN_LOOKS and self.time - self.since >= KNOWN_S and bool(self.structured.any())

    @property
    def structured(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        """Blocks that can tell something about the view: [rows, columns]."""
        return np.asarray(blocks(_square(self.field)) >= STRUCTURE)

    def with_one_more(self, plate: Plate, time: float) -> "UsualView":
        """The memory after another sound picture."""
        share = 1 / (self.looks + 1)
        if self.looks >= SETTLED_LOOKS:
            share = float(np.clip((time - self.time) / MEMORY_S, 0.0, 1 / SETTLED_LOOKS))
        return UsualView(
            self.looks + 1,
            self.since,
            time,
            self.field + share * (plate.field - self.field),
            self.gradient + share * (plate.gradient - self.gradient),
            self.detail + share * (plate.detail - self.detail),
            self.light + share * (plate.light - self.light),
            self.colour + share * (plate.colour - self.colour),
        )

    def likeness(self, plate: Plate) -> Likeness:
        """How much of it a picture shows."""
        valid = self.structured
        own = _square(self.field)
        shared = np.asarray((self.field * plate.field).sum(axis=2), np.float32)
        there = blocks(shared)[valid] / blocks(own)[valid]
        here, gone = there >= HERE, there < GONE
        flat = gone & (plate.gradient[valid] < FLAT * self.gradient[valid])
        sharpness = light = None
        if here.mean() >= FEW:
            usual = self.detail[valid][here] / np.maximum(self.gradient[valid][here], 1e-3)
            now = plate.detail[valid][here] / np.maximum(plate.gradient[valid][here], 1e-3)
            sharpness = float(np.median(now / np.maximum(usual, 1e-3)))
            light = float(np.median(plate.light[valid][here] / np.maximum(self.light[valid][here], 1e-3)))
        return Likeness(
            alike=float(np.clip(shared.sum() / max(float(own.sum()), 1e-6), 0, 1)),
            kept=float(here.mean()),
            lost=float(gone.mean()),
            flat=float(flat.mean()),
            flat_black=float((flat & (plate.light[valid] < BLACK)).mean()),
            sharpness=sharpness,
            light=light,
            colour=plate.colour / self.colour if self.colour >= COLOURLESS else 1.0,
        )


def _square(field: Field) -> Grid:
    return np.asarray((field**2).sum(axis=2), np.float32)
