"""The strip: spans grow while a stage lasts, end with it, and are drawn at their time."""

import numpy as np

from edge.debug_video import palette
from edge.debug_video.timeline import LABEL_PX, MARGIN_PX, ROW_PX, Span, draw_strip, prolonged
from edge.incidents.lifecycle import EpisodeState, Stage

JAM, FLOOD = ("jam", "road"), ("flood", "road")


def looked(*stages: Stage) -> tuple[Span, ...]:
    """The spans of a jam after looks two seconds apart with these stages."""
    spans: tuple[Span, ...] = ()
    for number, stage in enumerate(stages):
        spans = prolonged(spans, {JAM: EpisodeState(stage), FLOOD: EpisodeState()}, 2.0 * number, 2.0 * number + 2.0)
    return spans


def test_a_stage_that_lasts_is_one_span_and_idle_times_are_none() -> None:
    suspected, confirmed, idle = Stage.SUSPECTED, Stage.CONFIRMED, Stage.IDLE
    assert looked(idle, suspected, suspected, confirmed, confirmed, idle, suspected) == (
        Span(JAM, suspected, 2.0, 6.0),
        Span(JAM, confirmed, 6.0, 10.0),
        Span(JAM, suspected, 12.0, 14.0),
    )
    assert looked(idle, idle) == ()


def test_the_same_stage_after_an_idle_look_is_another_span() -> None:
    assert len(looked(Stage.SUSPECTED, Stage.IDLE, Stage.SUSPECTED)) == 2


def test_spans_lie_at_their_time_in_the_row_of_their_subject() -> None:
    strip = draw_strip(1280, [FLOOD, JAM], [Span(JAM, Stage.CONFIRMED, 10.0, 20.0)], now_s=30.0)
    red = (strip == palette.INCIDENTS["jam"]).all(axis=-1)
    columns = np.flatnonzero(red[:, LABEL_PX:].any(axis=0)) + LABEL_PX
    length_px = 1280 - 2 * MARGIN_PX - LABEL_PX
    assert abs(columns[0] - (LABEL_PX + length_px / 3)) <= 1
    assert abs(columns[-1] - (LABEL_PX + 2 * length_px / 3)) <= 1
    rows = np.flatnonzero(red.any(axis=1))
    assert rows[0] >= MARGIN_PX + ROW_PX, "the first row is the flood's"


def test_the_strip_holds_all_that_was_seen_however_long() -> None:
    day_and_more_s = 100_000.0
    strip = draw_strip(640, [JAM], [Span(JAM, Stage.CONFIRMED, day_and_more_s - 9000, day_and_more_s)], day_and_more_s)
    assert (strip == palette.INCIDENTS["jam"]).all(axis=-1)[:, LABEL_PX:].any()
