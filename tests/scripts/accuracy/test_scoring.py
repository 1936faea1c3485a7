"""What counts as found, missed, false and repeated, and how late it was."""

from __future__ import annotations

import math

import pytest

from contract.kinds import IncidentKind
from scripts.accuracy.episodes import Episode
from scripts.accuracy.scoring import Score, score
from scripts.accuracy.truth import Incident

JAM, FLOOD, FAULT = IncidentKind.JAM, IncidentKind.FLOOD, IncidentKind.CAMERA_FAULT
WATCHED = {JAM: 5.0, FLOOD: 5.0, FAULT: 5.0}


def jam(from_s: float, to_s: float, zone: str = "road") -> Incident:
    return Incident(JAM, zone, from_s, to_s)


def said(began_s: float, opened_s: float, closed_s: float | None = None, zone: str = "road") -> Episode:
    return Episode(JAM, zone, began_s, opened_s, closed_s)


def scored(incidents: list[Incident], episodes: list[Episode]) -> Score:
    return score(incidents, episodes, 60.0, WATCHED)


def counts(result: Score) -> tuple[int, int, int, int, int]:
    """Found, missed, false, repeated, excused."""
    return (
        len(result.found),
        len(result.missed),
        len(result.false),
        len(result.repeated),
        len(result.excused),
    )


def test_an_incident_that_is_told_of_is_found_with_its_errors() -> None:
    result = scored([jam(20, 40)], [said(18.5, 26, 49)])
    assert counts(result) == (1, 0, 0, 0, 0)
    (found,) = result.found
    assert (found.onset_error_s, found.delay_s, found.closing_error_s) == (-1.5, 6, 9)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(said(20, 26, zone="side"), id="another zone"),
        pytest.param(Episode(FLOOD, "road", 20, 26), id="another kind"),
        pytest.param(said(2, 8, 15), id="over before it began"),
        pytest.param(said(41, 47), id="begun after it was over"),
        pytest.param(said(8, 14, 39), id="open long before it began"),
    ],
)
def test_what_does_not_belong_is_false_and_the_incident_missed(other: Episode) -> None:
    assert counts(scored([jam(20, 40)], [other])) == (0, 1, 1, 0, 0)


def test_an_alarm_a_little_before_the_truth_s_onset_belongs_to_it() -> None:
    (found,) = scored([jam(20, 40)], [said(9, 15.5, 45)]).found
    assert found.delay_s == -4.5


def test_an_incident_is_counted_once_with_the_first_that_tells_of_it() -> None:
    result = scored([jam(10, 50)], [said(30, 36, 52), said(11, 17, 28)])
    assert counts(result) == (1, 0, 0, 1, 0)
    assert result.found[0].episode.opened_s == 17
    assert result.repeated[0].opened_s == 36


def test_one_episode_may_answer_for_two_incidents_but_is_measured_at_its_ends_only() -> None:
    result = scored([jam(10, 22), jam(30, 45)], [said(11, 17, 53)])
    assert counts(result) == (2, 0, 0, 0, 0)
    first, second = result.found
    assert (first.onset_error_s, first.delay_s, first.closing_error_s) == (1, 7, None)
    assert (second.onset_error_s, second.delay_s, second.closing_error_s) == (None, None, 8)


def test_what_is_too_short_to_be_due_is_neither_missed_nor_false() -> None:
    assert counts(scored([jam(20, 29)], [])) == (0, 0, 0, 0, 1)
    assert counts(scored([jam(20, 30)], [])) == (0, 1, 0, 0, 0)
    assert counts(scored([jam(20, 29)], [said(20, 26, 34)])) == (1, 0, 0, 0, 0)


def test_at_the_clip_s_edges_what_lies_beyond_is_not_measured() -> None:
    (found,) = scored([jam(0, 60)], [said(0, 6)]).found
    assert (found.onset_error_s, found.delay_s, found.closing_error_s) == (None, None, None)
    (found,) = scored([jam(30, 60)], [said(31, 37, 59)]).found
    assert (found.onset_error_s, found.closing_error_s) == (1, None)
    (found,) = scored([jam(30, 50)], [said(31, 37, None)]).found
    assert found.closing_error_s is None


def test_kinds_that_were_not_looked_for_are_left_out() -> None:
    result = score([jam(10, 50), Incident(FLOOD, "road", 10, 50)], [], 60.0, {JAM: 5.0})
    assert counts(result) == (0, 1, 0, 0, 0)


def test_camera_faults_belong_together_by_the_fault() -> None:
    dark = Incident(FAULT, "dark", 10, 25)
    assert counts(score([dark], [Episode(FAULT, "dark", 11, 16)], 60.0, WATCHED)) == (1, 0, 0, 0, 0)
    assert counts(score([dark], [Episode(FAULT, "covered", 11, 16)], 60.0, WATCHED)) == (0, 1, 1, 0, 0)


def test_nothing_at_all_is_a_score_of_nothing() -> None:
    assert scored([], []) == Score()


def test_an_incident_without_an_end_lasts_until_the_clip_s() -> None:
    assert jam(10, math.inf).within(60.0) == jam(10, 60.0)
