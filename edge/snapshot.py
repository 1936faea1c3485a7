"""A picture of a camera with a grid over it, to read off the corners of zones."""

import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from edge.cameras.decode import glance
from edge.cameras.faults import CameraError, Fault
from edge.cameras.ring import PacketRing
from edge.cameras.stream import PacketStream
from edge.picture import Image, Picture

_PACKETS_ENOUGH = 250
_READABLE_WIDTH_PX = 1000
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)


def take(stream: PacketStream, camera: str, *, clock: Callable[[], float] = time.time) -> Picture:
    """Connect, take the first picture that can be decoded, disconnect.

    Raises:
        CameraError: why there is none.
    """
    ring = PacketRing(camera)
    problem: str | None = None
    try:
        ring.begin(stream.open())
        tried = 0
        for packet in islice(stream, _PACKETS_ENOUGH):
            ring.append(packet, clock())
            state = ring.state()
            # A keyframe may come in several packets: it is whole once the next picture has begun.
            if state.packets > 1 and state.keyframes != tried:
                tried = state.keyframes
                look = glance(ring)
                if look.picture:
                    return look.picture
                problem = look.problem
        look = glance(ring)  # a stream of a single picture
        if look.picture:
            return look.picture
    finally:
        stream.close()
    raise CameraError(Fault.INVALID_DATA, camera, problem or look.problem or "no picture")


def draw_grid(image: Image) -> Image:
    """A copy with a line and its coordinate (0–1 of width and height, as zones are written) at every tenth.

    Small pictures come back enlarged (by whole numbers), so that the labels can be read.
    """
    enlarge = max(1, -(-_READABLE_WIDTH_PX // image.shape[1]))
    plain = np.repeat(np.repeat(image, enlarge, axis=0), enlarge, axis=1)
    height, width = plain.shape[:2]
    lines = plain.copy()
    for tenth in range(11):
        x, y = round(tenth * (width - 1) / 10), round(tenth * (height - 1) / 10)
        for colour, thickness in ((_BLACK, 3), (_WHITE, 1)):
            cv2.line(lines, (x, 0), (x, height - 1), colour, thickness)
            cv2.line(lines, (0, y), (width - 1, y), colour, thickness)
    drawn: Image = cv2.addWeighted(plain, 0.4, lines, 0.6, 0).astype(np.uint8)
    scale = width / 2000
    for tenth in range(11):
        label = f"{tenth / 10:.1f}"
        (text_width, text_height), _ = cv2.getTextSize(label, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
        x = min(round(tenth * (width - 1) / 10) + 3, width - text_width - 3)
        y = max(round(tenth * (height - 1) / 10) - 4, text_height + 3)
        _write(drawn, label, (x, text_height + 3), scale)
        if tenth:
            _write(drawn, label, (3, y), scale)
    return drawn


def _write(image: Image, text: str, at: tuple[int, int], scale: float) -> None:
    for colour, thickness in ((_BLACK, 3), (_WHITE, 1)):
        cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thickness, cv2.LINE_AA)


def write(picture: Picture, path: Path, *, grid: bool = True) -> None:
    """Save the picture, with the grid unless told otherwise; the suffix (.png, .jpg) decides the format.

    Raises:
        ValueError: the suffix names no picture format.
        OSError: it cannot be written there.
    """
    image = draw_grid(picture.image) if grid else picture.image
    if path.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise ValueError(f"{path}: write a .png or a .jpg")
    _, encoded = cv2.imencode(path.suffix, image)
    path.write_bytes(encoded.tobytes())
