"""How often a detector reports something that a video does not show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.evaluation.frames import frames_of
from models.evaluation.labelled import LabelledPicture, SetError
from models.evaluation.looking import Contender

EVERY_S = 0.5
"""One frame each so often."""
SCORES = (0.3, 0.4, 0.5, 0.6)
"""From which a detection counts, a column each."""


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """What a contender reported of one class in a video that shows none.

    Attributes:
        video: its name.
        contender: who looked.
        kind: the class.
        frames: looked at.
        scores: of what was reported, float32 [reports], of at least the lowest of SCORES.
    """

    video: str
    contender: Contender
    kind: str
    frames: int
    scores: NDArray[np.float32]

    def in_100_frames(self, score: float) -> float:
        """Reports with at least this score."""
        return 100 * float(np.count_nonzero(self.scores >= score)) / self.frames


def false_alarms(
    video: Path, kind: str, contenders: Sequence[Contender], seen: Callable[[], object] = lambda: None
) -> list[FalseAlarms]:
    """Every contender that knows the class, at a frame each EVERY_S; `seen` is called after each frame.

    Raises:
        SetError: the video cannot be read, or nobody knows the class.
    """
    able = [contender for contender in contenders if kind in contender.detector.names]
    if not able:
        raise SetError(f"no detector given knows the class {kind!r}: name one of theirs, see `sigap-models list`")
    numbers = frame_numbers(video)
    found: list[list[NDArray[np.float32]]] = [[] for _ in able]
    for number, image in frames_of(video, numbers):
        nothing = LabelledPicture(f"{video.name}#{number}", image, np.empty((0, 4), np.float32), (), np.empty(0, bool))
        for contender, scores in zip(able, found, strict=True):
            scores.append(contender.look(nothing, SCORES[0]).only(kind).scores)
        seen()
    return [
        FalseAlarms(video.name, contender, kind, len(numbers), np.concatenate(scores))
        for contender, scores in zip(able, found, strict=True)
    ]


def frame_numbers(video: Path) -> list[int]:
    """Numbers of the frames to look at, one each EVERY_S.

    Raises:
        SetError: no video that OpenCV can read.
    """
    capture = cv2.VideoCapture(str(video))
    count, rate = int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), capture.get(cv2.CAP_PROP_FPS)
    capture.release()
    if count <= 0 or rate <= 0:
        raise SetError(f"{video} cannot be opened as a video: check that it is there and whole")
    # The last frames that a header promises are missing from some files.
    return list(range(0, max(1, count - 2), max(1, round(EVERY_S * rate))))
