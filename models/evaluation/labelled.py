"""Pictures with labels, whatever form they are kept in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.boxes import Boxes
from models.detector import Image

VEHICLE = ("car", "bus", "truck")
"""What one class "car" or "vehicle" of a coarse set means."""


class SetError(Exception):
    """A labelled set cannot be used; the text names the place and the remedy."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPicture:
    """A picture and the boxes that people, or the renderer, say are in it.

    Attributes:
        name: unique in its set.
        image: uint8 [height, width, 3] BGR.
        boxes: float32 [n, 4], x1, y1, x2, y2 in pixels.
        labels: the class of each.
        ignored: bool [n], what nobody can be asked to find.
    """

    name: str
    image: Image
    boxes: Boxes
    labels: tuple[str, ...]
    ignored: NDArray[np.bool_]

    def are(self, names: tuple[str, ...]) -> NDArray[np.bool_]:
        """Which boxes are of one of these classes: bool [n]."""
        return np.array([label in names for label in self.labels], bool)


@dataclass(frozen=True, slots=True)
class BoxSet:
    """A set of pictures with boxes.

    Attributes:
        name: for tables.
        count: pictures.
        targets: what is asked for by name, each with the classes that count as it, in labels and detections alike.
        pictures: reads them one by one, from the start at each call.
    """

    name: str
    count: int
    targets: dict[str, tuple[str, ...]]
    pictures: Callable[[], Iterator[LabelledPicture]]


@dataclass(frozen=True, slots=True)
class FloodSet:
    """Pictures of which it is known whether they show a flood; `items` gives (name, image, flood, camera)."""

    name: str
    count: int
    items: Callable[[], Iterator[tuple[str, Image, bool, str]]]


@dataclass(frozen=True, slots=True)
class MaskSet:
    """Pictures with a mask of the water in them; `items` gives (name, image, bool [height, width])."""

    name: str
    count: int
    items: Callable[[], Iterator[tuple[str, Image, NDArray[np.bool_]]]]


LabelledSet = BoxSet | FloodSet | MaskSet


def targets_of(labels: set[str]) -> dict[str, tuple[str, ...]]:
    """What can be asked of a set with these classes.

    A set that knows cars but neither buses nor trucks means any of them by "car". One that tells them apart is also
    asked for them together: a box of the right place is worth something whatever it calls the vehicle.
    """
    if labels & {"car", "vehicle"} and not labels & {"bus", "truck"}:
        rest = sorted(labels - {"car", "vehicle"})
        return {"vehicle": (*VEHICLE, "vehicle"), **{label: (label,) for label in rest}}
    together = {"vehicle": VEHICLE} if labels >= {"car"} else {}
    return {**together, **{label: (label,) for label in sorted(labels)}}
