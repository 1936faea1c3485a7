"""Sets in COCO's detection format: pictures in a folder, or frames of a video."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from models.detector import Image
from models.evaluation.frames import frames_of
from models.evaluation.labelled import BoxSet, LabelledPicture, SetError, targets_of
from models.pictures import ImageError, read_image


def coco_set(labels: Path, pictures: Path, videos: tuple[Path, ...] = ()) -> BoxSet:
    """The set that a COCO file describes.

    Args:
        labels: the JSON file.
        pictures: the folder its `file_name`s stand in.
        videos: where else to look for a file of an entry with a `frame`: its number in that video, from 0.

    Raises:
        SetError: the file is not in COCO's form, or what it points to is not there.
    """
    content = _content(labels)
    names = {entry["id"]: entry["name"] for entry in content["categories"]}
    boxes = defaultdict(list)
    for entry in content["annotations"]:
        boxes[entry["image_id"]].append(entry)
    entries = sorted(content["images"], key=lambda entry: (str(entry["file_name"]), entry.get("frame", 0)))
    paths = {entry["file_name"]: _found(labels, entry, pictures, videos) for entry in entries}

    def read() -> Iterator[LabelledPicture]:
        for path in dict.fromkeys(paths.values()):
            members = [entry for entry in entries if paths[entry["file_name"]] == path]
            for entry, image in _images(path, members):
                yield _labelled(entry, image, boxes[entry["id"]], names)

    name = labels.parent.name if labels.name.startswith(("boxes", "instances")) else labels.stem
    return BoxSet(name, len(entries), targets_of(set(names.values())), read)


def _content(labels: Path) -> dict[str, Any]:
    try:
        content = json.loads(labels.read_text(encoding="utf-8"))
        lists = {key: content[key] for key in ("images", "annotations", "categories")}
        for key, needed in (("images", "file_name"), ("annotations", "bbox"), ("categories", "name")):
            if any("id" not in entry or needed not in entry for entry in lists[key]):
                raise SetError(f"{labels}: an entry of {key!r} lacks 'id' or {needed!r}; write it in COCO's form")
    except (ValueError, KeyError, TypeError) as error:
        raise SetError(f"{labels} is not in COCO's form (images, annotations, categories): {error!r}") from error
    return lists


def _found(labels: Path, entry: dict[str, Any], pictures: Path, videos: tuple[Path, ...]) -> Path:
    folders = (pictures, *videos) if "frame" in entry else (pictures,)
    for folder in folders:
        path = folder / str(entry["file_name"])
        if path.is_file():
            return path
    where = " nor ".join(map(str, folders))
    remedy = "give the folder of the videos (--videos)" if "frame" in entry else "restore it beside its labels"
    raise SetError(f"{labels} names {entry['file_name']}, which is not in {where}: {remedy}")


def _images(path: Path, entries: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Image]]:
    if "frame" not in entries[0]:
        try:
            yield entries[0], read_image(path)
        except ImageError as error:
            raise SetError(str(error)) from error
        return
    by_frame = {int(entry["frame"]): entry for entry in entries}
    for number, image in frames_of(path, sorted(by_frame)):
        yield by_frame[number], image


def _labelled(
    entry: dict[str, Any], image: Image, annotations: list[dict[str, Any]], names: dict[int, str]
) -> LabelledPicture:
    boxes = np.array([annotation["bbox"] for annotation in annotations], np.float32).reshape(-1, 4)
    boxes[:, 2:] += boxes[:, :2]
    label = f"{entry['file_name']}#{entry['frame']}" if "frame" in entry else str(entry["file_name"])
    ignored = [bool(annotation.get("iscrowd") or annotation.get("ignore")) for annotation in annotations]
    return LabelledPicture(
        label,
        image,
        boxes,
        tuple(names[annotation["category_id"]] for annotation in annotations),
        np.array(ignored, bool),
    )
