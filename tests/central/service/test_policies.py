"""Promises in versions, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from central.clock.policy import Step, Target
from central.incidents.kinds import Kind
from central.service.models import ServicePolicy, WorkCalendar, WrittenOnce
from central.service.policies import in_force, publish
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db
A_YEAR_S = 365 * 86_400


def test_seed_promises_six_hours_and_seven_days_for_every_kind(seeded: None) -> None:
    for kind in Kind.values:
        policy = in_force(NOON)[kind].policy()
        assert (policy.first_response.time, policy.completion.time) == (timedelta(hours=6), timedelta(days=7))
        assert policy.completion.calendar.worked(NOON, at(1)) == timedelta(seconds=1), "the wall clock"
        assert Step(Target.COMPLETION, 100, 2) in policy.steps
    assert WorkCalendar.objects.get().calendar().worked(NOON, at(86_400)) == timedelta(hours=7.5)


def test_without_rows_the_defaults_are_the_same() -> None:
    row = in_force(NOON)["jam"]
    assert (row.pk, row.version, row.first_response_s, row.completion_s) == (None, 0, 21_600, 604_800)


def test_a_new_version_holds_from_then_on(seeded: None) -> None:
    publish("jam", {"completion_s": 3600}, NOON)
    assert in_force(at(-1))["jam"].completion_s == 604_800
    assert in_force(NOON)["jam"].completion_s == 3600
    assert in_force(NOON)["jam"].first_response_s == 21_600
    assert in_force(NOON)["flood"].version == 1


def test_rows_are_written_once(seeded: None) -> None:
    row = ServicePolicy.objects.get(kind="jam")
    row.completion_s = 1
    for refused in (row.save, row.delete, WorkCalendar.objects.get().delete):
        with pytest.raises(WrittenOnce):
            refused()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"completion_s": 0}, "allowance"),
        ({"completion_s": 20 * A_YEAR_S}, "completion_s"),
        ({"soon_percent": 100}, "soon_percent"),
        ({"steps": [{"of": "completion", "percent": 0, "level": 1}]}, "begin at 1"),
        ({"steps": [{"of": "everything", "percent": 50, "level": 1}]}, "everything"),
        ({"steps": [{"percent": 50}]}, "of"),
        ({"valid_from": at(-1)}, "newer"),
        ({"version": 1}, "newer"),
    ],
)
def test_promises_that_cannot_be(changes: dict[str, Any], told: str) -> None:
    ServicePolicy.objects.create(kind="jam", valid_from=NOON)
    with pytest.raises(ValidationError, match=told):
        ServicePolicy.objects.create(**{"kind": "jam", "version": 2, "valid_from": at(1)} | changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"week": {"mon": ["22:00-06:00"]}}, "past midnight write two"),
        ({"week": {}}, "nothing would ever fall due"),
        ({"week": ["mon"]}, "calendar"),
        ({"week": {"mon": 8}}, "calendar"),
        ({"zone": "Asia/Atlantis"}, "Atlantis"),
        ({"zone": "../etc/passwd"}, "passwd"),
        ({"holidays": "XX"}, "XX"),
        ({"holidays": "ID", "holiday_categories": ["bank"]}, "bank"),
        ({"extra_holidays": ["22 June"]}, "22 June"),
    ],
)
def test_calendars_that_cannot_be(changes: dict[str, Any], told: str) -> None:
    good = {"code": "x", "name": "X", "week": {"mon": ["08:00-12:00"]}, "zone": "Asia/Jakarta"}
    with pytest.raises(ValidationError, match=told):
        WorkCalendar.objects.create(**good | changes)


def test_service_command(seeded: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("service", "jam")
    assert "jam v1: first response 6 h by wall-clock, completion 168 h by wall-clock" in capsys.readouterr().out
    call_command("service", "jam", "--first-response", "30min", "--completion-calendar", "kerja")
    assert "jam v2: first response 0.5 h by wall-clock, completion 168 h by kerja v1" in capsys.readouterr().out
    call_command("service", "jam", "--completion-calendar", "wall-clock")
    assert "completion 168 h by wall-clock" in capsys.readouterr().out
    with pytest.raises(CommandError, match="there are: kerja"):
        call_command("service", "jam", "--completion-calendar", "libur")
    with pytest.raises(CommandError, match="write 30min, 6h or 7d"):
        call_command("service", "jam", "--completion", "soon")
    with pytest.raises(CommandError, match="none"):
        call_command("service", "jam", "--completion", "0d")
