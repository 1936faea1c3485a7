"""What the network learns from: pictures with masks, with a word for the whole tile, or known to be dry."""

import json
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import cv2
import numpy as np

from models.detector import Image
from models.evaluation.flood_sets import read_picture as read_whole
from models.evaluation.flood_sets import read_water, tiles, with_masks
from models.evaluation.labelled import SetError
from models.training.water.splits import Splits

LONGEST_PX = 640
"""Pictures are kept in memory at most this long: twice the size the network works at."""
STILL_FLOODED, STILL_DRY = 0.3, 0.05
"""Shares of a roadway under water: a flood from the first on (as in the scenes' truth), none below the second."""
PHOTO_FLOODED, PHOTO_DRY = 0.08, 0.01
"""The same for shares of a whole picture, where nobody drew the road."""
FRAMES_A_VIDEO = 24
RIO = "flood/cctv_rio"
"""Its folder among the data."""
VIDEO_SUFFIXES = (".mp4", ".avi")


class Source(Enum):
    """Where a picture comes from; each has its share of a batch."""

    GROUND = "ground_level"
    OBLIQUE = "oblique"
    STILLS = "stills"
    DRY = "dry"
    RIO = "cctv_rio"


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture.

    Attributes:
        picture: the file.
        source: where it comes from.
        mask: the file of its water mask; without one it is dry everywhere, or (Rio) nobody knows where water is.
        flooded: 1 where the road in view is flooded, 0 where it is not, None where nobody said.
        camera: Rio only.
    """

    picture: Path
    source: Source
    mask: Path | None = None
    flooded: int | None = None
    camera: str = ""

    @property
    def name(self) -> str:
        """The file's name without suffix."""
        return self.picture.stem


def read_picture(path: Path) -> Image:
    """BGR [height, width, 3], not longer than `LONGEST_PX`.

    Raises:
        SetError: no picture there.
    """
    return _shrunk(read_whole(path))


def read_mask(path: Path, shape: tuple[int, ...]) -> Image:
    """255 where water is, for a picture of this shape.

    Raises:
        SetError: no picture there.
    """
    bold = np.where(read_water(path), 255, 0).astype(np.uint8)
    return np.asarray(cv2.resize(bold, (shape[1], shape[0]), interpolation=cv2.INTER_AREA), np.uint8)


def _shrunk(image: Image) -> Image:
    scale = LONGEST_PX / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def photographs(folder: Path, source: Source) -> list[Sample]:
    """Photographs with masks, by number.

    Raises:
        SetError: none there, or one without a mask.
    """
    pairs = sorted(with_masks(folder), key=lambda pair: pair[0].stem.zfill(8))
    return [Sample(picture, source, mask, _photo_flooded(mask, source)) for picture, mask in pairs]


def _photo_flooded(mask: Path, source: Source) -> int | None:
    if source is Source.OBLIQUE:  # from the air there is hardly a road in view to be flooded
        return None
    return verdict(float(read_water(mask).mean()), PHOTO_DRY, PHOTO_FLOODED)


def verdict(share: float, dry: float, flooded: float) -> int | None:
    """1 from a share of `flooded` on, 0 up to `dry`, None between: too little to call it either."""
    if share >= flooded:
        return 1
    return 0 if share <= dry else None


def stills(folder: Path) -> list[Sample]:
    """Rendered stills `still_*.jpg` with `_water.png` and a truth in `.json`; those not complete are left out."""
    found = []
    for truth in sorted(folder.glob("still_*.json")):
        picture, mask = truth.with_suffix(".jpg"), truth.with_name(f"{truth.stem}_water.png")
        if picture.is_file() and mask.is_file():
            found.append(Sample(picture, Source.STILLS, mask, still_flooded(json.loads(truth.read_text()))))
    return found


def still_flooded(truth: dict[str, object]) -> int | None:
    """From the share of each roadway under water."""
    zones = truth.get("zones")
    shares = [0.0]
    if isinstance(zones, dict):
        shares += [float(zone["water"]["share"]) for zone in zones.values() if "water" in zone]
    return verdict(max(shares), STILL_DRY, STILL_FLOODED)


def rio_tiles(folder: Path) -> list[Sample]:
    """Tiles of Rio's cameras with a word each: flooded or not.

    Raises:
        SetError: no `labels.csv` there.
    """
    found = sorted(tiles(folder), key=lambda tile: tile.picture.name)
    return [Sample(tile.picture, Source.RIO, None, int(tile.flood), tile.camera) for tile in found]


def dry_frames(videos: Path, frames: Path) -> dict[str, list[Sample]]:
    """Frames of the dry videos by video, evenly spaced; written as JPEG into `frames` where they are missing.

    Raises:
        SetError: a video gives no frame.
    """
    found = {}
    for video in sorted(path for path in videos.glob("*") if path.suffix in VIDEO_SUFFIXES):
        folder = frames / video.stem
        if not (folder / "complete").is_file():
            folder.mkdir(parents=True, exist_ok=True)
            _extract(video, folder)
            (folder / "complete").touch()
        found[video.name] = [Sample(path, Source.DRY, None, 0) for path in sorted(folder.glob("*.jpg"))]
    return found


def _extract(video: Path, folder: Path) -> None:
    # Not evaluation's `frames_of`: a video may have fewer frames than its header says, and any of them will do here.
    reader = cv2.VideoCapture(str(video))
    try:
        total = int(reader.get(cv2.CAP_PROP_FRAME_COUNT))
        wanted = set(np.linspace(0, max(0, total - 1), FRAMES_A_VIDEO).astype(int).tolist())
        written = 0
        for index in range(total):
            if not reader.grab():
                break
            if index not in wanted:
                continue
            complete, frame = reader.retrieve()
            if complete:
                cv2.imwrite(str(folder / f"{index:06d}.jpg"), _shrunk(np.asarray(frame, np.uint8)))
                written += 1
    finally:
        reader.release()
    if not written:
        raise SetError(f"{video} gives no frame")


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything there is, parted into what trainings may see and what they may not.

    Attributes:
        training: masks, stills and dry pictures to learn from.
        rio: the tiles, to be parted by camera.
        held_out: the photographs kept aside.
        dry_held_out: frames of the videos kept aside, by video.
    """

    training: tuple[Sample, ...]
    rio: tuple[Sample, ...]
    held_out: tuple[Sample, ...]
    dry_held_out: dict[str, list[Sample]]


def collect(data: Path, still_folder: Path | None, work: Path, splits: Splits) -> Collection:
    """All samples under `data` (the folder with `flood`, `videos`, `detection`).

    Args:
        data: real pictures.
        still_folder: rendered stills, if there are some.
        work: where frames of the videos are kept, outside the repository.
        splits: what is kept aside.

    Raises:
        SetError: something is missing.
    """
    ground = photographs(data / "flood/ground_level", Source.GROUND)
    unknown = splits.held_out - {sample.name for sample in ground}
    if unknown:
        raise SetError(f"{data / 'flood/ground_level'} lacks photographs kept aside: {', '.join(sorted(unknown))}")
    videos = dry_frames(data / "videos", work / "frames")
    coco = data / "detection/tiny_coco/train2017"
    training = [sample for sample in ground if sample.name not in splits.held_out]
    training += photographs(data / "flood/oblique", Source.OBLIQUE)
    training += stills(still_folder) if still_folder is not None else []
    for name, samples in videos.items():
        training += samples if name not in splits.videos_held_out else []
    training += [
        Sample(coco / name, Source.DRY, None, 0) for name in sorted(splits.dry_photographs) if (coco / name).is_file()
    ]
    return Collection(
        training=tuple(training),
        rio=tuple(rio_tiles(data / RIO)),
        held_out=tuple(sample for sample in ground if sample.name in splits.held_out),
        dry_held_out={name: samples for name, samples in videos.items() if name in splits.videos_held_out},
    )
