"""Contact sheets: pictures of many scenes side by side, for people who would rather look than read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np

TILE = (320, 180)
MOMENTS = (0.04, 0.35, 0.6, 0.95)
GAP_PX, LABEL_PX = 4, 20


def of_videos(videos: Sequence[Path], path: Path) -> None:
    """A row for each video: four frames, from its beginning to its end, under its name."""
    rows = []
    for video in videos:
        with av.open(str(video)) as container:
            frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
        shown = [frames[min(len(frames) - 1, round(share * len(frames)))] for share in MOMENTS]
        rows.append(_labelled(_row(shown), video.stem))
    _write(np.concatenate(rows), path)


def of_stills(folder: Path, path: Path, count: int = 12) -> None:
    """The first `count` stills of a folder, four in a row."""
    pictures = sorted(folder.glob("still_*.jpg"))[:count]
    if len(pictures) < count:
        raise SystemExit(f"{folder} holds {len(pictures)} stills, a sheet takes {count}: render more of them")
    shown = [cv2.imread(str(picture)) for picture in pictures]
    _write(np.concatenate([_row(shown[i : i + 4]) for i in range(0, count, 4)]), path)


def _row(pictures: Sequence[np.ndarray]) -> np.ndarray:
    tiles = [cv2.resize(picture, TILE, interpolation=cv2.INTER_AREA) for picture in pictures]
    framed = [cv2.copyMakeBorder(tile, 0, GAP_PX, 0, GAP_PX, cv2.BORDER_CONSTANT, value=(255,) * 3) for tile in tiles]
    return np.concatenate(framed, axis=1)


def _labelled(row: np.ndarray, text: str) -> np.ndarray:
    label = np.full((LABEL_PX, row.shape[1], 3), 255, np.uint8)
    cv2.putText(label, text, (4, LABEL_PX - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (40, 40, 40), 1, cv2.LINE_AA)
    return np.concatenate([label, row])


def _write(picture: np.ndarray, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, 82])
