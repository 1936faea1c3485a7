"""What is refused before a rule may decide, and what the rules then do."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

from central.routing.compiling import CompiledRule, Known, KnownAgency, KnownArea, RulesDoNotCompile, RuleText, compiled

KNOWN = Known(
    agencies={
        "sda": KnownAgency("SDA", True),
        "dishub": KnownAgency("Dishub", True),
        "old": KnownAgency("Dinas Lama", False),
    },
    areas={
        "menteng": KnownArea("Menteng", True, True),
        "senen": KnownArea("Senen", True, True),
        "undrawn": KnownArea("Belum Ada", True, False),
        "off": KnownArea("Bekas", False, True),
    },
    zone="Asia/Jakarta",
)


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def faults(*rules: RuleText) -> list[str]:
    with pytest.raises(RulesDoNotCompile) as refused:
        compiled(rules, KNOWN)
    return [str(fault) for fault in refused.value.faults]


def rule(order: int, **more: Any) -> RuleText:
    return RuleText(order=order, **({"agency": "sda"} | more))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"agency": "nobody"}, "there is no agency “nobody”: add it first"),
        ({"agency": "old"}, "Dinas Lama is switched off"),
        ({"also_inform": ("nobody",)}, "there is no agency “nobody”"),
        ({"also_inform": ("sda",)}, "need not be informed as well"),
        ({"areas": ("nowhere",)}, "there is no area “nowhere”: import it first"),
        ({"areas": ("undrawn",)}, "Belum Ada has no polygon"),
        ({"areas": ("off",)}, "Bekas is switched off"),
        ({"kind": "earthquake"}, "there is no kind “earthquake”"),
        ({"week": {"mon": ["8-16"]}}, "the hours cannot be read: '8-16'"),
        ({"week": {"mon": ["22:00-05:00"]}}, "past midnight write two"),
        ({"week": {"mon": []}}, "the hours cannot be read"),
        ({"zone": "Asia/Atlantis"}, "there is no time zone “Asia/Atlantis”"),
    ],
)
def test_each_fault_names_its_rule_and_the_remedy(wrong: dict[str, Any], said: str) -> None:
    (told,) = faults(rule(10, **wrong))
    assert told.startswith("Rule 10: ")
    assert said in told


def test_all_faults_are_told_at_once() -> None:
    told = faults(rule(10, agency="nobody"), rule(20, kind="jam"), rule(30, areas=("nowhere", "undrawn")))
    assert [fault.split(":")[0] for fault in told] == ["Rule 10", "Rule 30", "Rule 30"]


def test_no_rule_at_all() -> None:
    assert "There is no rule" in faults()[0]


WEEKDAYS = {day: ["08:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
ALWAYS = {day: ["00:00-12:00", "12:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"kind": "jam"}),
        ({}, {}),
        ({"kind": "jam"}, {"kind": "jam", "areas": ("menteng",)}),
        ({"areas": ("menteng", "senen")}, {"kind": "jam", "areas": ("senen",)}),
        ({"kind": "jam"}, {"kind": "jam", "week": WEEKDAYS}),
        ({"week": WEEKDAYS}, {"week": {"mon": ["09:00-10:00"]}}),
        ({"week": ALWAYS}, {"kind": "jam"}),
    ],
)
def test_a_rule_after_one_that_takes_all_of_it_is_unreachable(first: dict, second: dict) -> None:
    (told,) = faults(rule(10, **first), rule(20, **second))
    assert told == "Rule 20: it can never decide: rule 10 takes all of it before. Move it up, or remove it."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"kind": "jam"}, {"kind": "flood"}),
        ({"kind": "jam"}, {}),
        ({"areas": ("menteng",)}, {"areas": ("senen",)}),
        ({"areas": ("menteng",)}, {"areas": ("menteng", "senen")}),
        ({"areas": ("menteng",)}, {}),
        ({"week": WEEKDAYS}, {}),
        ({"week": WEEKDAYS}, {"week": {"sat": ["08:00-09:00"]}}),
        ({"week": WEEKDAYS}, {"week": WEEKDAYS, "zone": "Asia/Makassar"}),
    ],
)
def test_a_rule_that_still_has_something_to_decide_is_not(first: dict, second: dict) -> None:
    assert len(compiled([rule(10, **first), rule(20, **second)], KNOWN)) == 2


def one(**more: Any) -> CompiledRule:
    return compiled([rule(10, **more)], KNOWN)[0]


@pytest.mark.parametrize(
    ("utc", "holds"),
    [
        ((2026, 11, 26, 0, 59, 59), False),  # Thursday 07:59:59 in Jakarta
        ((2026, 11, 26, 1, 0, 0), True),
        ((2026, 11, 26, 8, 59, 59), True),
        ((2026, 11, 26, 9, 0, 0), False),
        ((2026, 11, 28, 3, 0, 0), False),  # Saturday
    ],
)
def test_hours_are_those_of_the_zone(utc: tuple[int, ...], holds: bool) -> None:
    moment = datetime(*utc, tzinfo=UTC)  # type: ignore[misc]
    assert one(week=WEEKDAYS).holds_at(moment) is holds
    assert one().holds_at(moment)


def test_the_same_moment_in_another_zone() -> None:
    moment = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)  # 07:30 in Jakarta, 08:30 in Makassar
    assert not one(week=WEEKDAYS).holds_at(moment)
    assert one(week=WEEKDAYS, zone="Asia/Makassar").holds_at(moment)


def test_without_a_time_only_rules_without_hours_hold() -> None:
    assert one().holds_at(None)
    assert not one(week=ALWAYS).holds_at(None)
