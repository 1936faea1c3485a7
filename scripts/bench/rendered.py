"""python -m scripts.bench.rendered: how well a detector that never saw the rendered city finds its cars.

The rendered scenes are of use only if an ordinary detector sees them as it sees real streets. A car counts from 32 px
(the root of its box's area) with at least 60 % of it in view; a box finds it from an IoU of 0.5. Cars, buses and trucks
are one class; boxes on smaller or more hidden ones count neither way.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from models.boxes import coverage, overlaps
from models.detector import SCORE_FLOOR, Detector, Image
from models.onnx_detector import OnnxDetector
from models.zoom import crops_for, detect_zoomed

SMALLEST_PX = 32.0
LEAST_VISIBLE = 0.6
SAME_THING = 0.5
PRECISION = 0.8
VEHICLES = ("car", "bus", "truck")
EVERY_S = 2.0
SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one picture: scores of right and wrong boxes, the best score on each car that counts (0: missed)."""

    right: tuple[float, ...]
    wrong: tuple[float, ...]
    cars: tuple[float, ...]


def look(picture: Image, things: list[dict[str, Any]], detector: Detector, *, zoomed: bool) -> Looked:
    """Compare a detector's boxes with the truth's `vehicles` or `objects` of that picture."""
    if zoomed:
        crops = crops_for(picture.shape[1], picture.shape[0])
        (seen,) = detect_zoomed(detector, [picture], [crops], SCORE_FLOOR)
    else:
        (seen,) = detector.detect([picture], SCORE_FLOOR)
    seen = seen.only(*VEHICLES)
    vehicles = [thing for thing in things if thing["class"] in (*VEHICLES, "motorcycle")]
    boxes = np.array([thing["box"] for thing in vehicles], np.float32).reshape(-1, 4)
    whole = np.array([thing["class"] in VEHICLES and _counts(thing) for thing in vehicles], bool)
    cars = np.array([thing["class"] == "car" for thing in vehicles], bool)
    same = overlaps(seen.boxes, boxes) if len(boxes) else np.zeros((len(seen), 0), np.float32)
    inside = coverage(seen.boxes, boxes) if len(boxes) else same
    best, right, wrong = np.zeros(len(vehicles)), [], []
    taken = np.zeros(len(vehicles), bool)
    for row in np.argsort(-seen.scores):
        open_ = np.where(taken | ~whole, 0.0, same[row])
        if len(open_) and open_.max() >= SAME_THING:
            found = int(open_.argmax())
            taken[found], best[found] = True, seen.scores[row]
            right.append(float(seen.scores[row]))
        elif not len(boxes) or inside[row][~whole].max(initial=0.0) < SAME_THING:
            wrong.append(float(seen.scores[row]))
    return Looked(tuple(right), tuple(wrong), tuple(best[whole & cars]))


def _counts(thing: dict[str, Any]) -> bool:
    x0, y0, x1, y1 = thing["box"]
    return bool(np.sqrt((x1 - x0) * (y1 - y0)) >= SMALLEST_PX and thing["visible"] >= LEAST_VISIBLE)


def recall_at_precision(looks: list[Looked], precision: float = PRECISION) -> tuple[float, float, int]:
    """(recall of cars, the score it takes, how many cars) at the lowest score that still gives this precision."""
    marked = [(score, 1.0) for seen in looks for score in seen.right]
    marked += [(score, 0.0) for seen in looks for score in seen.wrong]
    scores = np.array(marked)
    cars = np.array([score for look in looks for score in look.cars])
    if not len(scores) or not len(cars):
        return 0.0, 1.0, len(cars)
    scores = scores[np.argsort(-scores[:, 0])]
    good = np.cumsum(scores[:, 1]) / np.arange(1, len(scores) + 1) >= precision
    if not good.any():
        return 0.0, 1.0, len(cars)
    threshold = float(scores[np.flatnonzero(good)[-1], 0])
    return float(np.mean(cars >= threshold)), threshold, len(cars)


def pictures_of(path: Path) -> Iterator[tuple[Image, list[dict[str, Any]]]]:
    """Every EVERY_S a frame of a sample video, or each still of a folder, with its truth."""
    if path.is_dir():
        for truth in sorted(path.glob("still_*.json")):
            picture = cv2.imread(str(truth.with_suffix(".jpg")))
            if picture is not None:
                yield picture, json.loads(truth.read_text())["objects"]
        return
    truth_of_clip = json.loads(path.with_suffix(".json").read_text())
    step = round(EVERY_S * truth_of_clip["fps"])
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % step == 0:
                yield frame.to_ndarray(format="bgr24"), truth_of_clip["frames"][number]["objects"]


def main() -> int:
    """Prints a table: each clip (or folder of stills) and all together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", type=Path, default=sorted(SAMPLES.glob("*.mp4")))
    parser.add_argument("--model", default="nanodet_g")
    arguments = parser.parse_args()
    detector = OnnxDetector.load(arguments.model)
    sys.stdout.write("| pictures | cars | recall, whole frame | recall, 2×2 crops |\n|---|---|---|---|\n")
    everything: tuple[list[Looked], list[Looked]] = ([], [])
    for path in arguments.sets:
        pairs = list(pictures_of(path))
        modes = [[look(p, things, detector, zoomed=zoomed) for p, things in pairs] for zoomed in (False, True)]
        for kept, looks in zip(everything, modes, strict=True):
            kept.extend(looks)
        _print(path.stem, *modes)
    _print("all", *everything)
    return 0


def _print(name: str, whole: list[Looked], zoomed: list[Looked]) -> None:
    (plain, at, cars), (enlarged, at_zoomed, _) = recall_at_precision(whole), recall_at_precision(zoomed)
    sys.stdout.write(f"| {name} | {cars} | {plain:.2f} (score {at:.2f}) | {enlarged:.2f} (score {at_zoomed:.2f}) |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
