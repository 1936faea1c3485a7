"""Pictures to H.264 as a camera would send it: fixed frame rate, a keyframe every two seconds, no B-frames."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

KEYFRAME_EVERY_S = 2


def encode(pictures: Iterable[np.ndarray], path: Path, fps: int, crf: int) -> None:
    """Write the pictures (H, W, 3 BGR), in order, as yuv420p MP4; the file appears only when it is complete."""
    part = path.with_name(f".{path.name}.part")
    with av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        gop = KEYFRAME_EVERY_S * fps
        options = {
            "crf": str(crf), "preset": "slow", "profile": "main", "bf": "0",
            # Scene cuts would add keyframes; readers count on the fixed distance.
            "x264-params": f"keyint={gop}:min-keyint={gop}:scenecut=0",
        }  # fmt: skip
        stream = container.add_stream("libx264", rate=fps, options=options)
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, fps)
        for number, picture in enumerate(pictures):
            if number == 0:  # the codec is open after the first picture and then refuses
                stream.height, stream.width = picture.shape[:2]
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    part.replace(path)
