"""The strip below a debug picture: a row for each (kind, zone), and what was suspected, open or clearing when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from contract.kinds import IncidentKind
from edge.debug_video import canvas, palette
from edge.debug_video.layers import SMALL, States
from edge.incidents.lifecycle import Stage
from edge.picture import Image

ROW_PX, AXIS_PX, MARGIN_PX = 26, 24, 10
LABEL_PX = 230
LENGTHS_S = (30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400)
"""How much time the strip shows: the least of these that holds what was seen so far."""
TICKS = 6
Subject = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Span:
    """A subject stood in one stage from one time to another, seconds since the recording began."""

    subject: Subject
    stage: Stage
    from_s: float
    to_s: float


def prolonged(spans: Sequence[Span], states: States, since_s: float, time_s: float) -> tuple[Span, ...]:
    """The spans after one more look at `time_s`, the last one having been at `since_s`: idle times leave none."""
    newest = {span.subject: index for index, span in enumerate(spans)}
    found = list(spans)
    for subject, state in states.items():
        if state.stage is Stage.IDLE:
            continue
        index = newest.get(subject)
        if index is not None and found[index].stage is state.stage and found[index].to_s >= since_s:
            found[index] = replace(found[index], to_s=max(time_s, found[index].to_s))
        else:
            found.append(Span(subject, state.stage, since_s, time_s))
    return tuple(found)


def height_px(rows: int) -> int:
    """Of a strip with so many rows; even, as H.264 wants it."""
    return (2 * MARGIN_PX + rows * ROW_PX + AXIS_PX + 1) // 2 * 2


def draw_strip(width_px: int, subjects: Sequence[Subject], spans: Sequence[Span], now_s: float) -> Image:
    """The strip as an image of its own."""
    strip: Image = np.full((height_px(len(subjects)), width_px, 3), palette.INK, np.uint8)
    shown_s = next((length for length in LENGTHS_S if length >= now_s), now_s)
    left, right = LABEL_PX, width_px - 2 * MARGIN_PX

    def place(time_s: float) -> int:
        return left + round((right - left) * time_s / shown_s)

    bottom = MARGIN_PX + ROW_PX * len(subjects)
    for tick in range(TICKS + 1):
        x, text = place(shown_s * tick / TICKS), _clock(shown_s * tick / TICKS)
        cv2.line(strip, (x, MARGIN_PX), (x, bottom), palette.RULE, 1)
        wide = canvas.text_size(text, SMALL)[0]
        at = min(x - wide // 2, width_px - wide - 4)
        canvas.write(strip, text, (at, bottom + 18), palette.MUTED, SMALL)
    for row, subject in enumerate(subjects):
        _draw_row(strip, MARGIN_PX + ROW_PX * row, subject, [
            (place(span.from_s), place(span.to_s), span.stage) for span in spans if span.subject == subject
        ], place(now_s))  # fmt: skip
    cv2.line(strip, (place(now_s), MARGIN_PX - 4), (place(now_s), bottom + 4), palette.WHITE, 1)
    return strip


def _draw_row(strip: Image, top: int, subject: Subject, spans: Sequence[tuple[int, int, Stage]], now: int) -> None:
    kind, zone = subject
    colour = palette.INCIDENTS[IncidentKind(kind)]
    middle = top + ROW_PX // 2
    cv2.circle(strip, (MARGIN_PX + 6, middle), 5, colour, cv2.FILLED, cv2.LINE_AA)
    name = kind.replace("_", " ")
    canvas.write(strip, name, (MARGIN_PX + 20, middle + 5), palette.WHITE, SMALL)
    after = MARGIN_PX + 20 + canvas.text_size(name, SMALL)[0] + 10
    canvas.write(strip, zone, (after, middle + 5), palette.MUTED, SMALL)
    cv2.rectangle(strip, (LABEL_PX, middle - 1), (now, middle + 1), palette.RULE, cv2.FILLED)
    looks = {
        Stage.SUSPECTED: (palette.SUSPECTED, 3),
        Stage.CONFIRMED: (colour, 8),
        Stage.CLEARING: (palette.faded(colour, 0.45), 8),
    }
    for begin, end, stage in spans:
        shade, half = looks[stage]
        cv2.rectangle(strip, (begin, middle - half), (max(end, begin + 2), middle + half), shade, cv2.FILLED)


def _clock(time_s: float) -> str:
    minutes, seconds = divmod(round(time_s), 60)
    return f"{minutes}:{seconds:02d}"
