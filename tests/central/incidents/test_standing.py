"""How an incident stands, from nothing but its episodes."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from central.incidents.models import Episode, Policy
from central.incidents.standing import Circumstances, Standing, standing
from tests.central.moments import at

POLICY = Policy(kind="jam", active_for_s=60, hold_s=600)


def seen(
    phase: str = "confirmed",
    *,
    closing: str = "",
    last: float = 100,
    qualified: float | None = 0,
    zone: str = "utara",
    camera: int = 1,
) -> Episode:
    moment: datetime | None = at(qualified) if qualified is not None else None
    return Episode(
        id=uuid4(), camera_id=camera, zone=zone, phase=phase, closing=closing, seen=at(last), qualified=moment
    )


def stands_as(episodes: list[Episode], policy: Policy, seconds: float = 1000, **around: Any) -> Standing:
    return standing(episodes, policy, Circumstances(now=at(seconds), **around))


def test_open_episode_that_qualifies_makes_it_active() -> None:
    stands = stands_as([seen()], POLICY)
    assert (stands.state, stands.active_since, stands.complaint_due) == ("active", at(0), at(60))
    assert stands.hold_until is None


def test_episode_below_the_policy_is_a_candidate() -> None:
    stands = stands_as([seen(qualified=None)], POLICY)
    assert (stands.state, stands.complaint_due) == ("candidate", None)


def test_operator_confirms_what_the_policy_does_not_count() -> None:
    stands = stands_as([seen(qualified=None)], POLICY, confirmed=at(50))
    assert (stands.state, stands.complaint_due) == ("active", at(110))


def test_review_mode_waits_for_the_operator() -> None:
    review = Policy(kind="jam", mode=Policy.Mode.REVIEW, active_for_s=0, hold_s=600)
    assert stands_as([seen()], review).state == "candidate"
    assert stands_as([seen()], review, confirmed=at(30)).complaint_due == at(30)


def test_one_closed_of_two_keeps_it_active() -> None:
    stands = stands_as([seen("closed", closing="cleared"), seen(zone="selatan")], POLICY)
    assert stands.state == "active"


def test_all_closed_starts_the_hold_at_the_last_closing() -> None:
    gone = [seen("closed", closing="cleared", last=80), seen("closed", closing="cleared", last=90, zone="selatan")]
    stands = stands_as(gone, POLICY)
    assert (stands.state, stands.clearing_since, stands.hold_until) == ("clearing", at(90), at(690))
    assert stands.complaint_due == at(60)


def test_over_before_it_counted_for_long_enough_makes_no_complaint() -> None:
    assert stands_as([seen("closed", closing="cleared", last=59)], POLICY).complaint_due is None


def test_lost_from_sight_does_not_clear() -> None:
    stands = stands_as([seen("closed", closing="lost", last=80)], POLICY)
    assert (stands.state, stands.blind_since) == ("active", at(80))


@pytest.mark.parametrize(
    ("later", "state"),
    [
        (seen("closed", closing="cleared", last=200), "clearing"),
        (seen("confirmed", last=200), "active"),
        (seen("closed", closing="cleared", last=200, zone="selatan"), "active"),
        (seen("closed", closing="cleared", last=200, camera=2), "active"),
        (seen("closed", closing="cleared", last=50), "active"),
    ],
    ids=["same zone seen clear", "same zone seen jammed", "another zone", "another camera", "seen clear before"],
)
def test_what_is_seen_later_in_the_same_zone_replaces_what_was_lost(later: Episode, state: str) -> None:
    stands = stands_as([seen("closed", closing="lost", last=80), later], POLICY)
    assert stands.state == state


def test_what_only_citizens_told_of_waits_for_an_operator() -> None:
    stands = stands_as([], POLICY, seconds=10 * POLICY.unknown_after_s)
    assert (stands.state, stands.active_since, stands.complaint_due, stands.blind_since) == (
        "candidate",
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("seconds", "sighted", "state"), [(1000, None, "active"), (11000, None, "unknown"), (11000, 9000, "active")]
)
def test_what_only_citizens_told_of_is_confirmed_and_asked_about(
    seconds: float, sighted: float | None, state: str
) -> None:
    last_look = None if sighted is None else at(sighted)
    stands = stands_as([], POLICY, seconds, confirmed=at(50), sighted=last_look)
    assert (stands.state, stands.active_since, stands.complaint_due) == (state, at(50), at(110))
    assert stands.hold_until is None
