"""Masked pictures as a short H.264 clip that fits into a message."""

import io
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame

from contract.evidence import MAX_EVIDENCE_BYTES
from edge.evidence.masking import MaskedPicture, Polygon, mask
from edge.evidence.still import stamped
from edge.picture import Image, Picture
from models.detections import Detections

LEAST_PICTURES = 3
"""Fewer are no clip."""
LARGEST_WIDTH = 960
_QUALITIES = (26, 32, 38)
"""Constant rate factors, tried in order."""
_SHRINK = 0.75
_MILLISECONDS = Fraction(1, 1000)


def clip_size(picture: Picture) -> Picture:
    """The picture as large as a clip shows it: who cannot be made out there need not be looked for in more pixels."""
    scale = min(1.0, LARGEST_WIDTH / picture.width)
    image = _even(picture.image, scale)
    return picture if image is picture.image else replace(picture, image=image)


def mask_film(
    pictures: Sequence[Picture], found: Sequence[Detections], private_zones: Sequence[Polygon] = ()
) -> list[MaskedPicture]:
    """Each picture with what is hidden in it and in those beside it: who is missed in one is hardly missed in three.

    Args:
        pictures: of one size, in order.
        found: in each, as for `mask`.
        private_zones: likewise.
    """
    return [
        mask(picture.image, Detections.concatenate(list(found[max(0, index - 1) : index + 2])), private_zones)
        for index, picture in enumerate(pictures)
    ]


def make_clip(
    pictures: Sequence[MaskedPicture],
    times: Sequence[float],
    caption: str | None = None,
    limit_bytes: int = MAX_EVIDENCE_BYTES,
) -> bytes:
    """Encodes the pictures as MP4; quality, then size are lowered until it fits. No sound, no metadata.

    Args:
        pictures: masked; their type says so.
        times: of each, seconds, increasing.
        caption: as for `make_still`.
        limit_bytes: what a message may carry.
    """
    images = [stamped(picture.image, caption) if caption else picture.image for picture in pictures]
    scale = 1.0
    while True:
        sized = [_even(image, scale) for image in images]
        for quality in _QUALITIES:
            clip = _encoded(sized, times, quality)
            if len(clip) <= limit_bytes:
                return clip
        scale *= _SHRINK
        if scale * min(images[0].shape[:2]) < 32:
            raise ValueError(f"no clip of these {len(images)} pictures fits into {limit_bytes} bytes")


def _even(image: Image, scale: float) -> Image:
    """Scaled, with even sides: colour is stored at half the size."""
    height, width = (max(2, round(side * scale / 2) * 2) for side in image.shape[:2])
    if (height, width) == image.shape[:2]:
        return image
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _encoded(images: Sequence[Image], times: Sequence[float], quality: int) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        options = {"crf": str(quality), "preset": "veryfast", "profile": "high", "threads": "1"}
        stream = container.add_stream("libx264", rate=30, options=options)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = _MILLISECONDS
        for image, time in zip(images, times, strict=True):
            frame = VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts = round((time - times[0]) * 1000)
            frame.time_base = _MILLISECONDS
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()
