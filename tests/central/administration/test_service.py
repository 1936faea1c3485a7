"""Promises and working hours on their pages."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from central.accounts.roles import Role
from central.administration.models import AuditEntry
from central.service import durations
from central.service.calendars import newest
from central.service.models import ServicePolicy, WorkCalendar
from central.service.policies import in_force
from tests.central.desks.conftest import client_of, staff

pytestmark = pytest.mark.django_db

WEEK = {"mon": "08:00-12:00, 13:00-16:00", "tue": "08:00-16:00", "wed": "", "thu": "", "fri": "", "sat": "", "sun": ""}


@pytest.fixture
def admin(seeded: None) -> Client:
    return client_of(staff("adi", Role.ADMIN))


def promise(**more: str) -> dict[str, str]:
    return {
        "first_response": "2h",
        "first_response_calendar": "",
        "completion": "3d",
        "completion_calendar": "",
        "soon_percent": "80",
        "steps": "first_response 100 2\ncompletion 75% 1\n\ncompletion 100 2",
    } | more


@pytest.mark.parametrize(("text", "seconds"), [("30min", 1800), ("6h", 21600), (" 7 d ", 604800), ("90min", 5400)])
def test_durations(text: str, seconds: int) -> None:
    assert durations.read(text) == seconds
    assert durations.read(durations.write(seconds)) == seconds


def test_a_new_promise_leaves_the_old_one_as_it_was(admin: Client) -> None:
    old = in_force(timezone.now())["flood"]
    kept = {field: getattr(old, field) for field in ("completion_s", "steps", "version")}
    assert admin.post("/atur/layanan/flood/", promise()).status_code == 302
    new = in_force(timezone.now())["flood"]
    assert (new.version, new.first_response_s, new.completion_s) == (old.version + 1, 7200, 3 * 86400)
    assert new.steps[1] == {"of": "completion", "percent": 75, "level": 1}
    old.refresh_from_db()
    assert kept == {field: getattr(old, field) for field in kept}
    shown = admin.get("/atur/layanan/flood/").content.decode()
    assert f"Versi {old.version}</strong>" in shown
    assert shown.count('<span class="state green">berlaku</span>') == 1
    entry = AuditEntry.objects.get()
    assert (entry.topic, entry.subject, entry.after["completion_s"]) == ("service", "flood", 3 * 86400)


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_response": "soon"},
        {"first_response": "0h"},
        {"completion": "999999d"},
        {"completion_calendar": "999"},
        {"soon_percent": "100"},
        {"steps": "completion fast 1"},
        {"steps": "lunch 75 1"},
        {"steps": "completion 0 1"},
    ],
)
def test_a_promise_that_cannot_be_kept_is_refused(admin: Client, wrong: dict[str, str]) -> None:
    versions = ServicePolicy.objects.count()
    answer = admin.post("/atur/layanan/jam/", promise(**wrong))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert ServicePolicy.objects.count() == versions


def test_a_calendar_changed_counts_for_the_policies_that_use_it(admin: Client) -> None:
    kerja = WorkCalendar.objects.get(code="kerja")
    admin.post("/atur/layanan/jam/", promise(completion_calendar=str(kerja.pk)))
    form = {"name": "Jam kerja", "zone": "Asia/Jakarta", "holidays": "id", "extra_holidays": "2026-06-22\n"} | WEEK
    assert admin.post("/atur/kalender/kerja/", form).status_code == 302
    assert in_force(timezone.now())["jam"].completion_calendar == kerja  # not asked for
    assert admin.post("/atur/kalender/kerja/", form | {"in_policies": "on", "joint_leave": "on"}).status_code == 302
    new = WorkCalendar.objects.get(code="kerja", version=3)
    assert (new.week, new.holidays, new.extra_holidays) == (
        {"mon": ["08:00-12:00", "13:00-16:00"], "tue": ["08:00-16:00"]},
        "ID",
        ["2026-06-22"],
    )
    jam = in_force(timezone.now())["jam"]
    assert (jam.completion_calendar, jam.first_response_calendar) == (new, None)
    assert [row.version for row in newest() if row.code == "kerja"] == [3]
    assert AuditEntry.objects.filter(topic="calendar").count() == 2
    kerja.refresh_from_db()
    assert kerja.version == 1
    assert "mon" in kerja.week


@pytest.mark.parametrize(
    "wrong",
    [
        {"mon": "8-12"},
        {"mon": "13:00-12:00"},
        {"mon": "08:00-12:00, 11:00-13:00"},
        dict.fromkeys(WEEK, ""),
        {"holidays": "ATLANTIS"},
        {"extra_holidays": "22 June"},
        {"zone": "Mars/Base"},
        {"code": "kerja"},
        {"code": "baru"},
        {"code": "not a code"},
    ],
)
def test_a_calendar_the_clock_cannot_read_is_refused(admin: Client, wrong: dict[str, Any]) -> None:
    form = {"code": "malam", "name": "Malam", "zone": "Asia/Jakarta", "holidays": "", "extra_holidays": ""} | WEEK
    assert admin.post("/atur/kalender/baru/", form | wrong).status_code == 400
    assert not WorkCalendar.objects.exclude(code="kerja").exists()


def test_a_new_calendar(admin: Client) -> None:
    form = {"code": "malam", "name": "Malam", "zone": "Asia/Makassar", "holidays": "", "extra_holidays": ""} | WEEK
    assert admin.post("/atur/kalender/baru/", form).headers["Location"] == "/atur/kalender/malam/"
    assert "Tidak ada kebijakan" in admin.get("/atur/kalender/malam/").content.decode()
    assert AuditEntry.objects.get().user == User.objects.get(username="adi")


def test_holidays_of_a_year_have_their_names(admin: Client) -> None:
    names = WorkCalendar.objects.get(code="kerja").calendar().holidays.names_of_year(2026, "id")
    assert names[date(2026, 8, 17)] == "Hari Kemerdekaan Republik Indonesia"
    assert list(names) == sorted(names)
    shown = admin.get("/atur/kalender/kerja/?year=2026").content.decode()
    assert "Hari Kemerdekaan Republik Indonesia" in shown
    for strange in ("9999", "x", "-1"):
        assert admin.get(f"/atur/kalender/kerja/?year={strange}").status_code == 200
