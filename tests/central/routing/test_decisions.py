"""Area, order and time together; versions; and that other processes' changes are seen."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from central.routing import rulesets
from central.routing.compiling import RulesDoNotCompile, RuleText
from central.routing.decisions import Subject, decide
from central.routing.models import Agency, Area, Rule, RuleSet, Stamp
from central.routing.rulesets import NotADraft
from tests.central.moments import NOON, at
from tests.central.routing.shapes import area, place, square

pytestmark = pytest.mark.django_db

NIGHT = {day: ["20:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def in_force(*texts: RuleText) -> RuleSet:
    made = rulesets.write(texts, "adi", NOON)
    return rulesets.activate(made.version, "adi", NOON)


def jam(x: float, y: float, time: datetime = NOON) -> Subject:
    lon, lat = place(x, y)
    return Subject("jam", lat=lat, lon=lon, time=time)


@pytest.fixture
def two_areas(seeded: None) -> None:
    Area.objects.all().delete()
    area("utara", square(0, 1))
    area("selatan", square(0, 0))


def test_the_area_decides(two_areas: None) -> None:
    in_force(
        RuleText(10, "satpol-pp", "jam", areas=("utara",)),
        RuleText(20, "bpbd", "jam", areas=("selatan",)),
        RuleText(30, "dishub", "jam"),
    )
    assert decide(jam(0.5, 1.5)).agency.code == "satpol-pp"
    assert decide(jam(0.5, 0.5)).agency.code == "bpbd"
    assert decide(jam(7, 7)).agency.code == "dishub"
    assert decide(Subject("jam", time=NOON)).agency.code == "dishub"


def test_the_trace_says_where_it_lies_and_why_rules_were_passed_over(two_areas: None) -> None:
    version = in_force(
        RuleText(10, "satpol-pp", "jam", areas=("utara",)),
        RuleText(15, "sda", "flood"),
        RuleText(20, "bpbd", "jam", week=NIGHT),
        RuleText(30, "dishub", "jam", areas=("selatan",), note="Selatan"),
        RuleText(40, "dishub"),
    ).version
    trace = decide(jam(0.5, 0.5)).trace
    assert trace["version"] == version
    assert [found["code"] for found in trace["areas"]] == ["selatan"]
    assert trace["rules"] == [
        {"rule": 10, "note": "", "matched": False, "why_not": "area"},
        {"rule": 20, "note": "", "matched": False, "why_not": "time"},
        {
            "rule": 30,
            "note": "Selatan",
            "matched": True,
            "why_not": "",
            "kind": "jam",
            "areas": ["Selatan"],
            "week": {},
        },
    ]
    assert trace["other_kinds"] == 1


def test_the_hour_decides(two_areas: None) -> None:
    in_force(RuleText(10, "satpol-pp", "jam", week=NIGHT), RuleText(20, "dishub", "jam"))
    assert decide(jam(0, 0, datetime(2026, 11, 26, 12, 59, tzinfo=UTC))).agency.code == "dishub"  # 19:59
    assert decide(jam(0, 0, datetime(2026, 11, 26, 13, 0, tzinfo=UTC))).agency.code == "satpol-pp"


def test_the_order_decides(two_areas: None) -> None:
    in_force(RuleText(10, "bpbd", "jam", areas=("selatan",)), RuleText(20, "dishub", "jam"))
    draft = rulesets.begin_draft("adi", at(1))
    first = draft.rules.get(order=10)
    assert rulesets.move(first, up=True) is False
    assert rulesets.move(first, up=False) is True
    with pytest.raises(RulesDoNotCompile):  # the wide rule is first now
        rulesets.activate(draft.version, "adi", at(2))
    assert decide(jam(0.5, 0.5)).agency.code == "bpbd"


def test_an_informed_agency_that_is_switched_off_is_left_out(seeded: None) -> None:
    Agency.objects.filter(pk="bpbd").update(active=False)
    assert [other.code for other in decide(Subject("flood")).also_inform] == ["dishub"]


def test_a_change_of_an_area_is_seen_at_once_and_nothing_is_read_twice(two_areas: None) -> None:
    in_force(RuleText(10, "bpbd", "jam", areas=("utara",)), RuleText(20, "dishub", "jam"))
    assert decide(jam(5.5, 5.5)).agency.code == "dishub"
    with CaptureQueriesContext(connection) as queries:
        decide(jam(5.5, 5.5))
    assert len(queries) == 2  # the stamp, and the agencies
    moved = Area.objects.get(pk="utara")
    moved.polygon = area("other", square(5, 5), "own").polygon
    moved.save()
    assert decide(jam(5.5, 5.5)).agency.code == "bpbd"


def test_what_another_process_changed_is_seen(two_areas: None) -> None:
    in_force(RuleText(10, "bpbd", "jam", areas=("utara",)), RuleText(20, "dishub", "jam"))
    assert decide(jam(0.5, 1.5)).agency.code == "bpbd"
    Area.objects.filter(pk="utara").update(active=False)  # as if elsewhere: this process is told nothing
    assert decide(jam(0.5, 1.5)).agency.code == "bpbd"
    Stamp.renew()
    assert decide(jam(0.5, 1.5)).agency.code == "dishub"


def test_a_switched_off_rule_is_passed_over(two_areas: None) -> None:
    draft = rulesets.write([RuleText(10, "bpbd"), RuleText(20, "dishub", "jam")], "adi", NOON)
    Rule.objects.filter(ruleset=draft, order=10).update(active=False)
    rulesets.activate(draft.version, "adi", NOON)
    assert decide(jam(0, 0)).agency.code == "dishub"


def test_versions_are_kept_and_can_be_gone_back_to(seeded: None) -> None:
    first = rulesets.active()
    assert first is not None
    second = in_force(RuleText(10, "bpbd"))
    assert decide(Subject("jam")).agency.code == "bpbd"
    first.refresh_from_db()
    assert (first.state, second.version) == ("retired", first.version + 1)
    third = rulesets.go_back_to(first.version, "adi", at(1))
    assert (third.version, third.note) == (second.version + 1, f"seperti versi {first.version}")
    assert decide(Subject("jam")).agency.code == "dishub"
    assert set(decide(Subject("flood")).also_inform) == set(Agency.objects.filter(pk__in=["bpbd", "dishub"]))


def test_going_back_to_rules_of_a_vanished_agency_is_refused_and_changes_nothing(seeded: None) -> None:
    first = rulesets.active()
    assert first is not None
    second = in_force(RuleText(10, "bpbd"))
    Agency.objects.filter(pk="sda").update(active=False)
    with pytest.raises(RulesDoNotCompile):
        rulesets.go_back_to(first.version, "adi", at(1))
    assert rulesets.active() == second
    assert rulesets.draft() is None


def test_only_a_draft_can_be_changed(seeded: None) -> None:
    active = rulesets.active()
    assert active is not None
    for forbidden in (
        lambda: rulesets.discard(active.version),
        lambda: rulesets.activate(active.version, "adi", NOON),
        lambda: rulesets.move(active.rules.first(), up=False),
        lambda: rulesets.discard(999),
    ):
        with pytest.raises(NotADraft):
            forbidden()
    draft = rulesets.begin_draft("adi", NOON)
    assert rulesets.begin_draft("oki", NOON) == draft
    with pytest.raises(NotADraft):
        rulesets.go_back_to(active.version, "adi", NOON)
    rulesets.discard(draft.version)
    assert rulesets.draft() is None


def test_the_seeded_areas_know_the_middle_of_gambir(seeded: None) -> None:
    gambir = decide(Subject("flood", lat=-6.1715, lon=106.817, time=NOON)).trace
    assert [found["code"] for found in gambir["areas"]] == ["kec-gambir", "kota-jakarta-pusat", "prov-jakarta"]
