"""The figures of several clips, the page and the JSON beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from contract.kinds import IncidentKind
from scripts.accuracy.clips import Judged
from scripts.accuracy.episodes import Episode
from scripts.accuracy.figures import Spread, by_kind
from scripts.accuracy.page.document import document
from scripts.accuracy.page.html import page
from scripts.accuracy.page.timeline import LEFT, RIGHT, WIDTH, subjects, timeline
from scripts.accuracy.scoring import score
from scripts.accuracy.truth import Incident

JAM, FLOOD, FAULT = IncidentKind.JAM, IncidentKind.FLOOD, IncidentKind.CAMERA_FAULT


def judged(name: str, incidents: list[Incident], episodes: list[Episode], *kinds: IncidentKind) -> Judged:
    watched = dict.fromkeys(kinds or (JAM,), 5.0)
    result = score(incidents, episodes, 60.0, watched)
    return Judged(name, 60.0, watched, tuple(incidents), tuple(episodes), result)


CLIPS = [
    judged("one", [Incident(JAM, "road", 20, 40)], [Episode(JAM, "road", 22, 27, 47)]),
    judged("two", [Incident(JAM, "road", 10, 30)], [Episode(JAM, "road", 9, 18, 36)], JAM, FLOOD),
    judged("three", [Incident(JAM, "<road>", 20, 40)], [Episode(JAM, "side", 5, 10, 20)]),
    judged("four", [], [], JAM, FAULT),
]


def test_figures_are_kept_kind_by_kind_with_the_hours_in_which_each_was_looked_for() -> None:
    jam, flood, fault = by_kind(CLIPS)
    assert (jam.kind, jam.clips, jam.found, jam.missed, jam.false) == (JAM, 4, 2, 1, 1)
    assert jam.hours == pytest.approx(240 / 3600)
    assert jam.false_per_hour == pytest.approx(15)
    assert jam.onset == Spread(0.5, 2)
    assert jam.delay == Spread(7.5, 8)
    assert jam.closing == Spread(6.5, 7)
    assert (flood.kind, flood.hours, flood.onset) == (FLOOD, pytest.approx(60 / 3600), None)
    assert (fault.kind, fault.found + fault.missed + fault.false) == (FAULT, 0)


def test_the_worst_error_is_the_farthest_from_zero_on_either_side() -> None:
    assert Spread.of([1.0, -4.0, None, 2.0]) == Spread(1.0, -4.0)
    assert Spread.of([None]) is None


class Reader(HTMLParser):
    """Tags in the order in which they open, and what is never closed."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.stack: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href") and value]
        if tag not in ("meta", "line", "link"):
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def test_the_page_is_whole_needs_nothing_else_and_escapes_what_it_is_told() -> None:
    text = page(CLIPS, by_kind(CLIPS), ["a <note>"], "4 clips")
    reader = Reader()
    reader.feed(text)
    assert reader.stack == []
    assert reader.opened.count("svg") == reader.opened.count("article") == 4
    assert reader.opened.count("tr") == 1 + 3
    assert reader.links == []
    assert "url(" not in text
    assert "@import" not in text
    assert "&lt;road&gt;" in text
    assert "a &lt;note&gt;" in text
    assert "prefers-color-scheme: dark" in text


def test_a_debug_video_is_linked_beside_the_page() -> None:
    reader = Reader()
    reader.feed(page([replace(CLIPS[0], drawing=Path("/somewhere/one.mp4"))], [], [], ""))
    assert reader.links == ["one.mp4"]


def test_bars_lie_at_their_times() -> None:
    drawn = timeline(CLIPS[0])
    length = WIDTH - LEFT - RIGHT
    assert f'<rect class="truth jam" x="{LEFT + length / 3:.1f}"' in drawn
    assert f'width="{length / 3:.1f}"' in drawn
    assert 'class="said jam"' in drawn
    assert 'class="onset said jam"' in drawn


def test_missed_and_false_are_marked_and_quiet_kinds_keep_a_row() -> None:
    drawn = timeline(CLIPS[2])
    assert 'class="missed jam"' in drawn
    assert 'class="false jam"' in drawn
    assert subjects(CLIPS[3]) == [(JAM, ""), (FAULT, "")]


def test_the_json_says_the_same() -> None:
    told = json.loads(json.dumps(document(CLIPS, by_kind(CLIPS), ["note"])))
    assert [clip["name"] for clip in told["clips"]] == ["one", "two", "three", "four"]
    assert told["clips"][2]["missed"] == [{"kind": "jam", "about": "<road>", "from_s": 20, "to_s": 40}]
    assert told["kinds"][0]["false_per_hour"] == 15
    assert told["notes"] == ["note"]
