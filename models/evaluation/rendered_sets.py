"""Sets made by scripts/render_scenes: a clip with its truth, or a folder of stills with theirs."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from models.detector import Image
from models.evaluation.frames import frames_of
from models.evaluation.labelled import BoxSet, LabelledPicture, SetError, targets_of
from models.pictures import ImageError, read_image

EVERY_S = 2.0
"""One picture of a clip each so often: neighbours show the same things again."""
LEAST_VISIBLE = 0.6
"""Things that show less of themselves count neither way."""
CLASSES = {"person", "bicycle", "motorcycle", "car", "bus", "truck", "vendor"}


def clip_set(video: Path) -> BoxSet:
    """A sample clip, NAME.mp4 with its truth in NAME.json, every EVERY_S seconds.

    Raises:
        SetError: the truth is missing or is not one.
    """
    path = video.with_suffix(".json")
    truth = _truth(path, ("fps", "frames"))
    step = round(EVERY_S * truth["fps"])
    numbers = range(0, len(truth["frames"]), step)

    def read() -> Iterator[LabelledPicture]:
        for number, image in frames_of(video, numbers):
            yield _labelled(f"{video.name}#{number}", image, truth["frames"][number]["objects"])

    return BoxSet(video.stem, len(numbers), targets_of(CLASSES), read)


def stills_set(folder: Path) -> BoxSet:
    """A folder of stills, still_*.jpg with still_*.json.

    Raises:
        SetError: there is none.
    """
    paths = sorted(folder.glob("still_*.json"))
    if not paths:
        raise SetError(f"{folder} holds no still_*.json: render some with `make stills`")

    def read() -> Iterator[LabelledPicture]:
        for path in paths:
            try:
                image = read_image(path.with_suffix(".jpg"))
            except (ImageError, OSError) as error:
                raise SetError(f"{error}: render the stills of {folder} again") from error
            yield _labelled(path.stem, image, _truth(path, ("objects",))["objects"])

    return BoxSet(folder.name, len(paths), targets_of(CLASSES), read)


def _truth(path: Path, keys: tuple[str, ...]) -> dict[str, Any]:
    if not path.is_file():
        raise SetError(f"{path} is missing: the truth of a rendered picture stands beside it")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        missing = [key for key in keys if key not in content]
    except (ValueError, TypeError) as error:
        raise SetError(f"{path} is not JSON: {error}") from error
    if missing:
        raise SetError(f"{path} lacks {', '.join(missing)}: it is no truth of scripts/render_scenes")
    return dict(content)


def _labelled(name: str, image: Image, things: list[dict[str, Any]]) -> LabelledPicture:
    # What shows of a thing is what a detector can find; the whole of it may be behind a bus.
    boxes = np.array([thing["visible_box"] for thing in things], np.float32).reshape(-1, 4)
    hidden = np.array([thing["visible"] < LEAST_VISIBLE for thing in things], bool)
    return LabelledPicture(name, image, boxes, tuple(thing["class"] for thing in things), hidden)
