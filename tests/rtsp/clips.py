"""Tiny clips whose frames say their own number, encoded when a test session starts."""

from pathlib import Path
from typing import Literal

import av
import numpy as np
from numpy.typing import NDArray

FPS, WIDTH, HEIGHT, GOP = 10, 320, 180, 10
_BITS = 8
_CELL = WIDTH // _BITS


def numbered_image(number: int) -> NDArray[np.uint8]:
    """BGR; the lower half shows `number` (0–255) as eight black or white cells, the upper half a moving grey bar."""
    image = np.full((HEIGHT, WIDTH, 3), 96, np.uint8)
    image[: HEIGHT // 2, (number * 8) % WIDTH :][:, :24] = 200
    for bit in range(_BITS):
        image[HEIGHT // 2 :, bit * _CELL : (bit + 1) * _CELL] = 255 if number >> bit & 1 else 0
    return image


def read_number(image: NDArray[np.uint8]) -> int:
    """The number that a (lossily decoded) numbered image shows."""
    middles = image[HEIGHT * 3 // 4, _CELL // 2 :: _CELL, 1]
    return sum(1 << bit for bit, level in enumerate(middles) if level > 127)


def write_clip(
    path: Path,
    codec: Literal["libx264", "libx265", "mjpeg", "mpeg4"] = "libx264",
    *,
    frames: int = 30,
    gop: int = GOP,
    b_frames: int = 0,
) -> Path:
    """Encode frames 0 … frames-1 at 10 frames a second, a keyframe every `gop`; returns `path`."""
    options = {
        "libx264": {"preset": "ultrafast", "x264-params": f"scenecut=0:keyint={gop}:min-keyint={gop}"},
        "libx265": {
            "preset": "ultrafast",
            "x265-params": f"log-level=none:scenecut=0:keyint={gop}:min-keyint={gop}:open-gop=0:bframes={b_frames}",
        },
    }
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=FPS, options=options.get(codec, {}))
        stream.width, stream.height = WIDTH, HEIGHT
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.gop_size = gop
        if codec == "libx264":
            stream.codec_context.max_b_frames = b_frames
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(numbered_image(number), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
