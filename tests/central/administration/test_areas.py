"""Areas on the settings' pages, and kinds."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from central.administration.models import AuditEntry
from central.incidents.models import Policy
from central.routing import rulesets
from central.routing.compiling import RuleText
from central.routing.models import Area
from tests.central.moments import NOON
from tests.central.routing.test_area_import import SQUARE, feature, file

pytestmark = pytest.mark.django_db

GAMBIR = "/atur/areas/of/kec-gambir/"


def form(**more: str) -> dict[str, str]:
    return {"name": "Gambir", "level": "district", "source": "", "active": "on", "polygon": json.dumps(SQUARE)} | more


def test_the_list_says_what_is_approximate(admin: Client) -> None:
    page = admin.get("/atur/areas/").content.decode()
    assert "Kecamatan Gambir" in page
    assert "Bukan batas resmi" in page
    assert "perkiraan" in page


def test_the_map_gets_every_drawn_area_the_large_ones_first(admin: Client) -> None:
    Area.objects.create(code="undrawn", name="X", level="ward", changed=NOON)
    shapes = admin.get("/atur/areas/shapes/").json()["features"]
    assert len(shapes) == 51
    assert [shape["properties"]["level"] for shape in shapes[:2]] == ["province", "city"]
    assert all(shape["geometry"]["coordinates"] for shape in shapes)


def test_editing_makes_a_new_version_and_is_recorded(admin: Client) -> None:
    assert admin.post(GAMBIR, form()).status_code == 302
    area = Area.objects.get(pk="kec-gambir")
    assert (area.version, area.name, area.approximate, area.polygon) == (2, "Gambir", False, SQUARE)
    entry = AuditEntry.objects.get()
    assert entry.before is not None
    assert (entry.topic, entry.subject, entry.before["name"]) == ("area", "kec-gambir", "Kecamatan Gambir")
    assert admin.post(GAMBIR, form()).status_code == 302
    assert AuditEntry.objects.count() == 1


def test_a_new_area_is_drawn_and_recorded(admin: Client) -> None:
    assert 'data-edits="id_polygon"' in admin.get("/atur/areas/new/").content.decode()
    assert admin.post("/atur/areas/new/", form(code="rawan-banjir", level="own")).status_code == 302
    area = Area.objects.get(pk="rawan-banjir")
    assert (area.version, area.level, area.polygon) == (1, "own", SQUARE)
    entry = AuditEntry.objects.get()
    assert (entry.subject, entry.action, entry.before) == ("rawan-banjir", "add", None)


def test_an_area_may_wait_to_be_drawn(admin: Client) -> None:
    assert admin.post("/atur/areas/new/", form(code="nanti", polygon="")).status_code == 302
    assert Area.objects.get(pk="nanti").polygon == {}


@pytest.mark.parametrize("code", ["", "kec-gambir", "Kec Gambir", "x" * 61])
def test_a_code_that_cannot_be_one_is_refused(code: str, admin: Client) -> None:
    count = Area.objects.count()
    assert admin.post("/atur/areas/new/", form(code=code)).status_code == 400
    assert Area.objects.count() == count


@pytest.mark.parametrize("polygon", ["{", '{"type": "Point", "coordinates": [1, 2]}', "[]", '"text"'])
def test_a_polygon_that_is_none_is_refused(polygon: str, admin: Client) -> None:
    assert admin.post(GAMBIR, form(polygon=polygon)).status_code == (302 if polygon == "[]" else 400)
    assert Area.objects.get(pk="kec-gambir").version == (2 if polygon == "[]" else 1)


def test_an_area_that_rules_name_is_neither_switched_off_nor_emptied(admin: Client) -> None:
    draft = rulesets.write([RuleText(10, "sda", areas=("kec-gambir",))], "adi", NOON)
    rulesets.activate(draft.version, "adi", NOON)
    for wrong in ({"active": ""}, {"polygon": "{}"}):
        told = admin.post(GAMBIR, form(**wrong))
        assert told.status_code == 400
        assert "Aturan yang berlaku menyebutnya (10)" in told.content.decode()


def test_a_file_on_the_page(admin: Client) -> None:
    upload = {"file": SimpleUploadedFile("rw.geojson", file(feature("kec-new"), feature("kec gambir")))}
    told = admin.post("/atur/areas/import/", upload)
    assert told.status_code == 400
    assert "<strong>fitur 2 (kec gambir)</strong>" in told.content.decode()
    assert not Area.objects.filter(pk="kec-new").exists()
    good = {"file": SimpleUploadedFile("rw.geojson", file(feature("kec-new"), feature("kec-gambir")))}
    assert admin.post("/atur/areas/import/", good).status_code == 302
    assert Area.objects.get(pk="kec-new").source == "rw.geojson"
    assert set(AuditEntry.objects.values_list("subject", "action")) == {("kec-new", "import"), ("kec-gambir", "import")}


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "areas.geojson"
    path.write_bytes(file(feature("a"), feature("b")))
    call_command("import_areas", str(path), "--dry-run")
    assert not Area.objects.exists()
    call_command("import_areas", str(path))
    call_command("import_areas", str(path))
    assert capsys.readouterr().out.splitlines() == [
        "dry run: 2 added, 0 changed, 0 as they were",
        "2 added, 0 changed, 0 as they were",
        "0 added, 0 changed, 2 as they were",
    ]
    assert AuditEntry.objects.count() == 2
    path.write_bytes(file(feature("c"), feature("d", level="?")))
    with pytest.raises(CommandError, match="nothing was imported"):
        call_command("import_areas", str(path))
    assert Area.objects.count() == 2


POLICY = {
    "mode": "review",
    "min_confidence": "0.7",
    "min_severity": "2",
    "active_for_s": "60",
    "hold_s": "600",
    "reopen_s": "900",
    "join_m": "100",
    "unknown_after_s": "7200",
}


def test_a_kinds_policy_is_changed_and_recorded(admin: Client) -> None:
    assert admin.post("/atur/kinds/jam/", POLICY).status_code == 302
    policy = Policy.objects.get(pk="jam")
    assert (policy.mode, policy.min_confidence) == ("review", 0.7)
    entry = AuditEntry.objects.get()
    assert entry.before == {"mode": "auto", "min_confidence": 0.5, "min_severity": 1}
    assert "Operator menegaskan" in admin.get("/atur/kinds/").content.decode()


def test_a_policy_beyond_reason_is_refused(admin: Client) -> None:
    assert admin.post("/atur/kinds/jam/", POLICY | {"min_confidence": "1.5"}).status_code == 400
    assert Policy.objects.get(pk="jam").min_confidence == 0.5
    assert admin.get("/atur/kinds/earthquake/").status_code == 404


def test_a_kind_without_a_policy_gets_one(admin: Client) -> None:
    Policy.objects.filter(pk="jam").delete()
    assert admin.post("/atur/kinds/jam/", POLICY).status_code == 302
    assert AuditEntry.objects.get().action == "add"
