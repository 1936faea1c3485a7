"""Pictures and what is known about them; each kind of data set is a loader that gives samples."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.boxes import Boxes
from models.training.street.recipe import CLASSES, COCO_CLASSES, VENDOR

LEAST_VISIBLE = 0.25
"""Share of a rendered thing that must show before the network is asked for it."""
HELD_OUT = (10, 9)
"""Every tenth rendered still, the one whose number ends in 9, is kept for measuring."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """What is known about a picture, in its pixels.

    Attributes:
        boxes: float32 [things, 4]: x1, y1, x2, y2.
        classes: int64 [things], indices into CLASSES.
        ignored: float32 [regions, 4]: nothing is known there,
        ignored_for: bool [regions, classes]: about these classes.

    Raises:
        ValueError: the lengths disagree.
    """

    boxes: Boxes
    classes: NDArray[np.int64]
    ignored: Boxes
    ignored_for: NDArray[np.bool_]

    def __post_init__(self) -> None:
        wanted = {"boxes": (len(self.classes), 4), "ignored": (len(self.ignored_for), 4)}
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} must be {shape}, not {getattr(self, name).shape}")
        if self.ignored_for.shape[1:] != (len(CLASSES),):
            raise ValueError(f"ignored_for must have {len(CLASSES)} columns, not {self.ignored_for.shape}")

    @classmethod
    def of(
        cls,
        things: Iterable[tuple[str, Sequence[float]]],
        ignored: Iterable[tuple[Sequence[str], Sequence[float]]] = (),
    ) -> "Labels":
        """From (class, box) pairs and (classes, box) regions."""
        known, regions = list(things), list(ignored)
        mask = np.array([[name in names for name in CLASSES] for names, _ in regions], bool)
        return cls(
            np.array([box for _, box in known], np.float32).reshape(-1, 4),
            np.array([CLASSES.index(name) for name, _ in known], np.int64),
            np.array([box for _, box in regions], np.float32).reshape(-1, 4),
            mask.reshape(-1, len(CLASSES)),
        )

    @classmethod
    def joined(cls, parts: Sequence["Labels"]) -> "Labels":
        """All of them, in their order."""
        return cls(
            np.concatenate([part.boxes for part in parts]),
            np.concatenate([part.classes for part in parts]),
            np.concatenate([part.ignored for part in parts]),
            np.concatenate([part.ignored_for for part in parts]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A picture file and its labels."""

    picture: Path
    labels: Labels


def rendered_stills(folder: Path, *, held_out: bool) -> list[Sample]:
    """Stills of `scripts/render_scenes`: those to train on, or the tenth kept for measuring.

    Trained are amodal boxes, because a detector's boxes shall stand on the ground where the wheels are.

    Raises:
        ValueError: a truth is not one of a still.
    """
    samples = []
    for path in sorted(folder.glob("still_*.json")):
        picture = path.with_suffix(".jpg")
        if not picture.is_file():  # still being drawn
            continue
        if (int(path.stem.removeprefix("still_")) % HELD_OUT[0] == HELD_OUT[1]) == held_out:
            samples.append(Sample(picture, _of_truth(json.loads(path.read_text()), path)))
    return samples


def _of_truth(truth: dict[str, Any], path: Path) -> Labels:
    if "objects" not in truth:
        raise ValueError(f"{path} has no `objects`: it is not the truth of a still")
    clear = [thing["visible"] >= LEAST_VISIBLE for thing in truth["objects"]]
    things = [(thing["class"], thing["box"]) for thing, seen in zip(truth["objects"], clear, strict=True) if seen]
    unclear = [(CLASSES, thing["box"]) for thing, seen in zip(truth["objects"], clear, strict=True) if not seen]
    return Labels.of(things, unclear)


def coco(annotations: Path, pictures: Path) -> list[Sample]:
    """A set in COCO's format. Its street classes are complete, so everything else is background, vendors too.

    Raises:
        ValueError: a named picture is missing.
    """
    content = json.loads(annotations.read_text())
    names = {category["id"]: category["name"] for category in content["categories"]}
    things: dict[int, list[tuple[str, list[float]]]] = {image["id"]: [] for image in content["images"]}
    crowds: dict[int, list[tuple[Sequence[str], list[float]]]] = {image["id"]: [] for image in content["images"]}
    for entry in content["annotations"]:
        name, (x, y, width, height) = names[entry["category_id"]], entry["bbox"]
        if name not in CLASSES:
            continue
        box = [x, y, x + width, y + height]
        if entry.get("iscrowd"):
            crowds[entry["image_id"]].append(((name,), box))
        else:
            things[entry["image_id"]].append((name, box))
    samples = []
    for image in sorted(content["images"], key=lambda image: str(image["file_name"])):
        picture = pictures / image["file_name"]
        if not picture.is_file():
            raise ValueError(f"{picture} is missing, but {annotations} names it")
        samples.append(Sample(picture, Labels.of(things[image["id"]], crowds[image["id"]])))
    return samples


def pseudo_labelled(file: Path) -> list[Sample]:
    """What `pseudo` wrote: labels, and regions where teachers disagree. Picture paths are relative to the file.

    `vendors_unknown` marks pictures that may show vendors, which no teacher knows: there no vendor is punished.
    """
    samples = []
    for line in file.read_text().splitlines():
        told = json.loads(line)
        regions: list[tuple[Sequence[str], Sequence[float]]] = [(CLASSES[:COCO_CLASSES], box) for box in told["unsure"]]
        if told["vendors_unknown"]:
            regions.append(((VENDOR,), [0, 0, told["width"], told["height"]]))
        samples.append(Sample(file.parent / told["picture"], Labels.of(told["boxes"], regions)))
    return samples
