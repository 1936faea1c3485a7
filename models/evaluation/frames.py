"""Frames of a video by their number."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from models.detector import Image
from models.evaluation.labelled import SetError


def frames_of(path: Path, numbers: Sequence[int]) -> Iterator[tuple[int, Image]]:
    """(number, picture) of these frames, which rise; counted from 0 in the order they are shown.

    Reads from the start: seeking by number lands on a keyframe in many files.

    Raises:
        SetError: no video that OpenCV can read, or it ends before the last of them.
    """
    capture = cv2.VideoCapture(str(path))
    try:
        if not capture.isOpened():
            raise SetError(f"{path} cannot be opened as a video: check that it is whole")
        at = -1
        for number in numbers:
            while at < number:
                at += 1
                if not capture.grab():
                    raise SetError(
                        f"{path} ends after {at} frames, but frame {number} is labelled: is it another video?"
                    )
            _, frame = capture.retrieve()
            yield number, np.asarray(frame, np.uint8)
    finally:
        capture.release()
