"""Labels that nobody drew: where teachers, looking at whole frames and enlarged crops, agree. No torch.

Written to the work folder: `NAME.jsonl`, one picture a line, and the frames of videos as pictures beside it. A line
that is there is not made again.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from models.detections import Detections
from models.detector import Detector, Image
from models.pictures import read_image
from models.training.street.fusion import Agreement, fuse
from models.zoom import crops_for, cut_off, merge

TEACHER_FLOOR = 0.12
MAGNIFICATIONS = (1.75, 2.5)
"""Of the crops: 2 × 2 and 3 × 3 of them, each neighbour showing a quarter of the same."""
MAX_CROPS = 9


@dataclass(frozen=True, slots=True)
class Video:
    """Which frames of a video to look at.

    Attributes:
        file: its name.
        every_s: seconds between frames.
        held_out_s: times around which, `margin_s` to either side, frames are kept for measuring.
        vendors_unknown: real stalls may be in it, which no teacher can name.
    """

    file: str
    every_s: float
    held_out_s: tuple[float, ...] = ()
    margin_s: float = 0.5
    vendors_unknown: bool = False

    def wanted(self, time_s: float) -> bool:
        """Whether a frame at this time may be trained on."""
        return all(abs(time_s - kept) > self.margin_s + 1e-6 for kept in self.held_out_s)


VIDEOS = (
    Video("jakarta_flowing.mp4", 0.25, held_out_s=tuple(float(second) for second in range(1, 20, 2))),
    Video("dhaka_creeping.mp4", 0.5, vendors_unknown=True),
    Video("junction_red_light_queue.mp4", 0.8),
    Video("highway_free.mp4", 0.3),
    Video("suburb_parked_cars.mp4", 1.2),
    Video("street_people.mp4", 1.0),
    Video("otvision_cyclist.mp4", 0.5),
    Video("otvision_truck.mp4", 0.5),
    Video("cdnet_highway.mp4", 1.7),
)
"""Not `car_park_top_down.mp4`: teachers find nothing in it, which would teach that cars from above are background."""


def frames(path: Path, video: Video) -> Iterator[tuple[float, Image]]:
    """Time (s) and picture of the frames wanted.

    Raises:
        FileNotFoundError: no such video, or OpenCV cannot open it.
    """
    capture = cv2.VideoCapture(str(path))
    if not path.is_file() or not capture.isOpened():
        raise FileNotFoundError(f"{path} is missing or cannot be decoded")
    rate = capture.get(cv2.CAP_PROP_FPS) or 25.0
    number, due_s = 0, 0.0
    while capture.grab():
        time_s = number / rate
        number += 1
        if time_s + 1e-6 >= due_s and video.wanted(time_s):
            due_s = time_s + video.every_s
            _, image = capture.retrieve()
            yield time_s, np.asarray(image, np.uint8)
    capture.release()


def video_pictures(folder: Path, work: Path) -> list[tuple[Path, bool]]:
    """The frames of all videos as pictures in the work folder, and whether vendors in them are unknown."""
    found = []
    for video in VIDEOS:
        place = work / "frames" / Path(video.file).stem
        listed = place / "complete"
        if not listed.is_file():
            place.mkdir(parents=True, exist_ok=True)
            for time_s, image in frames(folder / video.file, video):
                cv2.imwrite(str(place / f"{round(time_s * 1000):06d}.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, 95])
            listed.touch()
        found += [(path, video.vendors_unknown) for path in sorted(place.glob("*.jpg"))]
    return found


def flood_pictures(folder: Path) -> list[tuple[Path, bool]]:
    """Photographs of floods from the street and tiles of city cameras in Rio; who sells there nobody has looked up."""
    places = (folder / "ground_level/images", folder / "cctv_rio/tiles")
    return [(path, True) for place in places for path in sorted(place.glob("*.jpg"))]


def look(image: Image, teachers: Sequence[tuple[str, Detector]]) -> list[Detections]:
    """What each teacher sees in a picture, its 2 × 2 and its 3 × 3 crops together."""
    # onnxruntime computes without the interpreter's lock: two teachers at a time keep two cores busy.
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda named: _all_views(image, named[1]), teachers))


def _all_views(image: Image, teacher: Detector) -> Detections:
    """Whole boxes of all views, doubles removed.

    What a crop cuts is left out (unlike in `detect_zoomed`): it is whole in the frame, and half a house that fills a
    crop looks like a bus to several teachers at once.
    """
    height, width = image.shape[:2]
    crops = [crop for larger in MAGNIFICATIONS for crop in crops_for(width, height, (), larger, MAX_CROPS)]
    whole, *parts = teacher.detect([image, *(crop.of(image) for crop in crops)], TEACHER_FLOOR)
    seen = [whole]
    for crop, part in zip(crops, parts, strict=True):
        placed = part.shifted(crop.x1, crop.y1)
        seen.append(placed[~cut_off(placed, crop, image)])
    everything = Detections.concatenate(seen)
    return merge(everything, np.zeros(len(everything), bool))


def label(
    pictures: Iterable[tuple[Path, bool]], out: Path, teachers: Sequence[tuple[str, Detector]], rule: Agreement
) -> Iterator[int]:
    """Add the missing pictures to a label file; yields after each, made or not, the number of its labels.

    Raises:
        ImageError: a picture cannot be read.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(line) for line in out.read_text().splitlines() if line.endswith("}")] if out.is_file() else []
    # A line that was cut off by a kill is dropped and made again.
    out.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = {line["picture"]: len(line["boxes"]) for line in lines}
    with out.open("a", encoding="utf-8") as file:
        for path, vendors_unknown in pictures:
            # As an absolute path where it lies outside the work folder: the shared data are never copied.
            inside = path.resolve().is_relative_to(out.parent.resolve())
            name = str(path.resolve().relative_to(out.parent.resolve()) if inside else path.resolve())
            if name not in done:
                image = read_image(path)
                sure, unsure = fuse(look(image, teachers)).labels(rule)
                entry = {
                    "picture": name,
                    "width": image.shape[1],
                    "height": image.shape[0],
                    "vendors_unknown": vendors_unknown,
                    "boxes": [[kind, _rounded(box)] for kind, box in zip(sure.labels(), sure.boxes, strict=True)],
                    "unsure": [_rounded(box) for box in unsure],
                }
                file.write(json.dumps(entry) + "\n")
                file.flush()
                done[name] = len(sure)
            yield done[name]


def _rounded(box: np.ndarray) -> list[float]:
    return [round(float(value), 1) for value in box]
