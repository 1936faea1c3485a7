"""Drafting rules, trying them, and putting them into force."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from central.administration.models import AuditEntry
from central.administration.weekly import text_of, week_of
from central.incidents.models import Incident
from central.routing import rulesets
from central.routing.models import Rule, RuleSet

pytestmark = pytest.mark.django_db


def begin(admin: Client) -> RuleSet:
    assert admin.post("/atur/rules/draft/").headers["Location"] == "/atur/rules/2/"
    draft = rulesets.draft()
    assert draft is not None
    return draft


def rule(**more: Any) -> dict[str, Any]:
    return {"kind": "flood", "agency": "bpbd", "active": "on"} | more


def incident(kind: str, place: str, lat: float | None = None, lon: float | None = None) -> Incident:
    now = timezone.now()
    return Incident.objects.create(
        kind=kind,
        key=f"{kind}:{place}",
        place=place,
        lat=lat,
        lon=lon,
        severity=2,
        confidence=0.9,
        reason="x",
        began=now,
        updated=now,
        complaint_opened=now,
    )


def test_from_a_draft_into_force(admin: Client) -> None:
    begin(admin)
    form = rule(areas=["kec-gambir"], week="Mon-Fri 08:00-16:00", also_inform=["dishub"], note="Banjir Gambir")
    assert admin.post("/atur/rules/2/new/", form).headers["Location"] == "/atur/rules/2/"
    page = admin.get("/atur/rules/2/").content.decode()
    assert "Genangan/banjir di Kecamatan Gambir, Sen–Jum 08:00–16:00" in page
    assert "Aturan 60: aturan ini tidak akan pernah menentukan: aturan 10 sudah mengambil semuanya." in page
    added = Rule.objects.get(note="Banjir Gambir")
    for _step in range(5):
        admin.post(f"/atur/rules/2/{added.pk}/change/", {"do": "up"})
    assert "tidak akan pernah" not in admin.get("/atur/rules/2/").content.decode()
    assert admin.post("/atur/rules/2/activate/").headers["Location"] == "/atur/rules/"
    active = rulesets.active()
    assert active is not None
    assert (active.version, active.activated_by, active.rules.all()[0].note) == (2, "adi", "Banjir Gambir")
    actions = list(AuditEntry.objects.filter(topic="rules").values_list("action", flat=True))
    assert actions == ["activate", "add", "draft"]
    assert "10" in admin.get("/atur/rules/").content.decode()


def test_rules_that_do_not_compile_stay_a_draft(admin: Client) -> None:
    begin(admin)
    admin.post("/atur/rules/2/new/", rule(kind=""))
    Rule.objects.filter(ruleset__version=2, order=60).update(order=1)
    response = admin.post("/atur/rules/2/activate/")
    assert response.headers["Location"] == "/atur/rules/2/"
    told = [str(message) for message in get_messages(response.wsgi_request) if message.level_tag == "error"]
    assert len(told) == 5
    assert told[0].startswith("Aturan 10: ")
    assert rulesets.active() == RuleSet.objects.get(version=1)
    assert not AuditEntry.objects.filter(action="activate").exists()
    assert admin.get("/atur/rules/2/dry-run/").headers["Location"] == "/atur/rules/2/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"agency": ""},
        {"agency": "nobody"},
        {"kind": "earthquake"},
        {"week": "always"},
        {"areas": ["x"]},
        {"zone": "UTC"},
    ],
)
def test_what_cannot_be_a_rule_is_not_saved(wrong: dict[str, Any], admin: Client) -> None:
    begin(admin)
    assert admin.post("/atur/rules/2/new/", rule(**wrong)).status_code == 400
    assert Rule.objects.filter(ruleset__version=2).count() == 5


def test_editing_removing_and_discarding_are_recorded(admin: Client) -> None:
    draft = begin(admin)
    first = draft.rules.all()[0]
    assert admin.get(f"/atur/rules/2/{first.pk}/").status_code == 200
    assert admin.post(f"/atur/rules/2/{first.pk}/", rule(agency="sda", also_inform=["bpbd"])).status_code == 302
    changed = AuditEntry.objects.get(action="change")
    assert changed.before is not None
    assert changed.before["also_inform"] == ["bpbd", "dishub"]
    admin.post(f"/atur/rules/2/{first.pk}/change/", {"do": "remove"})
    assert draft.rules.count() == 4
    assert admin.post("/atur/rules/2/discard/").status_code == 302
    assert rulesets.draft() is None
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"draft", "change", "remove", "discard"}


def test_going_back_to_an_older_version(admin: Client) -> None:
    draft = begin(admin)
    draft.rules.filter(kind="jam").delete()
    admin.post("/atur/rules/2/activate/")
    assert "Kembali ke versi ini" in admin.get("/atur/rules/1/").content.decode()
    admin.post("/atur/rules/1/back/")
    active = rulesets.active()
    assert active is not None
    assert (active.version, active.rules.count()) == (3, 5)


def test_the_rules_in_force_cannot_be_changed(admin: Client) -> None:
    first = Rule.objects.all()[0]
    for path in (f"/atur/rules/1/{first.pk}/", f"/atur/rules/1/{first.pk}/change/", "/atur/rules/1/new/"):
        assert admin.post(path, rule()).headers["Location"] == "/atur/rules/"
    admin.post("/atur/rules/1/discard/")
    assert Rule.objects.count() == 5
    assert not AuditEntry.objects.exists()


def test_a_trial_run_shows_what_would_go_elsewhere_and_changes_nothing(admin: Client) -> None:
    incident("flood", "jl-merdeka:utara", -6.1715, 106.817)
    incident("flood", "=cmd()", -6.325, 106.857)
    incident("jam", "jl-thamrin:utara")
    incident("parking", "jl-jaksa:utara")
    draft = begin(admin)
    admin.post("/atur/rules/2/new/", rule(areas=["kota-jakarta-pusat"]))
    Rule.objects.filter(ruleset=draft, order=60).update(order=5)
    draft.rules.filter(kind="parking").delete()
    told = admin.get("/atur/rules/2/dry-run/").context["told"]
    assert (told.looked_at, told.differ, told.stray_before, told.stray_after) == (4, 2, 0, 1)
    assert told.moves == {("sda", "bpbd"): 1, ("dishub", "diskominfo"): 1}
    lines = b"".join(admin.get("/atur/rules/2/dry-run.csv").streaming_content).decode().splitlines()
    assert len(lines) == 3
    assert lines[1].split(",")[4:] == ["dishub", "diskominfo", "30", ""]
    assert rulesets.active() == RuleSet.objects.get(version=1)
    draft.rules.filter(order=5).update(agency="satpol-pp")
    draft.rules.get(order=5).areas.set(["prov-jakarta"])
    text = b"".join(admin.get("/atur/rules/2/dry-run.csv").streaming_content).decode()
    assert ",'=cmd()," in text


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("Mon-Tue 08:00-12:00", {"mon": ["08:00-12:00"], "tue": ["08:00-12:00"]}),
        ("Sun 22:00-05:00", {"mon": ["00:00-05:00"], "sun": ["22:00-24:00"]}),
        ("Sat 08:00-12:00, Sat 13:00-16:00", {"sat": ["08:00-12:00", "13:00-16:00"]}),
        ("Wed 00:00-24:00", {"wed": ["00:00-24:00"]}),
    ],
)
def test_hours_in_one_line(text: str, week: dict[str, list[str]]) -> None:
    assert week_of(text) == week
    assert week_of(text_of(week)) == week
