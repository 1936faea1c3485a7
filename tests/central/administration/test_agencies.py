"""Agencies: their page, their contacts, and files of them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from central.administration.agency_import import import_agencies, read_agencies
from central.administration.models import AuditEntry
from central.administration.recording import AT_THE_TERMINAL
from central.outbox.models import Contact
from central.routing.area_import import NotImported
from central.routing.models import Agency
from tests.central.moments import NOON

pytestmark = pytest.mark.django_db

HEAD = "code,name,short,default_desk,active,email\n"


def faults(text: str | bytes) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    with translation.override("en"), pytest.raises(NotImported) as refused:
        import_agencies(read_agencies(content), AT_THE_TERMINAL, NOON)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Dinas X,Dinas X,X,,,", "line 2: “code” must be"),
        ("x,,X,,,", "line 2: “name” must be"),
        ("x,Dinas X,,,,", "line 2: “short” must be"),
        ("x,Dinas X,X,perhaps,,", "line 2: “default_desk” must be yes or no"),
        ("x,Dinas X,X,,perhaps,", "line 2: “active” must be yes or no"),
        ("x,Dinas X,X,,,nobody", "line 2: “nobody” is no e-mail address"),
        ("x,Dinas X,X", "line 2: more or fewer fields"),
        ("x,Dinas X,X,,,,,", "line 2: more or fewer fields"),
        ("x,Dinas X,X,,,\nx,Dinas Y,Y,,,", "line 3: code “x” is that of line 2 too"),
        ("x,Dinas X,X,yes,,\ny,Dinas Y,Y,ya,,", "line 3: only one agency is the default desk"),
    ],
)
def test_each_fault_of_a_line_is_named(line: str, said: str) -> None:
    (told,) = faults(HEAD + line + "\n")
    assert told.startswith(said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "file: not UTF-8"),
        (b"", "line 1: column “code” is missing."),
        (b"code,name,short,colour\nx,X,X,red\n", "line 1: column “colour” is unknown"),
        (b"code,name,short\n", "file: the file has 0 agencies"),
    ],
)
def test_each_fault_of_the_file_is_named(content: bytes, said: str) -> None:
    assert faults(content)[0].startswith(said)


def test_nothing_is_half_imported(seeded: None) -> None:
    before = Agency.objects.count()
    assert len(faults(HEAD + "good,Dinas Baik,Baik,,,\nbad one,X,X,,,\nworse,,,,,\n")) == 3
    assert Agency.objects.count() == before
    assert not AuditEntry.objects.exists()


def test_semicolons_and_a_byte_order_mark_as_spreadsheets_write_them(seeded: None) -> None:
    content = "\ufeffcode;name;short\r\nbaru;Dinas Baru, Bidang Air;Baru\r\n".encode()
    import_agencies(read_agencies(content), AT_THE_TERMINAL, NOON)
    assert Agency.objects.get(pk="baru").name == "Dinas Baru, Bidang Air"


def test_twice_does_the_same_as_once(seeded: None) -> None:
    rows = read_agencies((HEAD + "sda,Dinas Air,Air,,,air@example.go.id\nbaru,Dinas Baru,Baru,,,\n").encode())
    first = import_agencies(rows, AT_THE_TERMINAL, NOON)
    recorded = AuditEntry.objects.count()
    second = import_agencies(rows, AT_THE_TERMINAL, NOON)
    assert ((first.added, first.changed), (second.added, second.changed, second.same)) == ((1, 1), (0, 0, 2))
    assert Contact.objects.get(agency="sda").address == "air@example.go.id"
    assert AuditEntry.objects.count() == recorded == 3
    assert Agency.objects.get(pk="sda").active


def test_the_default_desk_can_move_but_not_vanish(seeded: None) -> None:
    (told,) = faults("code,name,short,default_desk\ndiskominfo,Diskominfo,Diskominfo,no\n")
    assert "default desk in the same file" in told
    moved = "code,name,short,default_desk\nbaru,Dinas Baru,Baru,yes\n"
    import_agencies(read_agencies(moved.encode()), AT_THE_TERMINAL, NOON)
    assert Agency.objects.get(is_default_desk=True).code == "baru"
    assert AuditEntry.objects.get(subject="diskominfo").after == {"is_default_desk": False}


def test_an_agency_that_rules_name_is_not_switched_off(seeded: None) -> None:
    (told,) = faults("code,name,short,active\nbpbd,BPBD,BPBD,no\n")
    assert "rules in force name it (10)" in told


def test_the_command_lists_faults_and_can_only_try(
    seeded: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "opd.csv"
    file.write_text("code,name,short\nbaru,Dinas Baru,Baru\n")
    call_command("import_agencies", str(file), "--dry-run")
    assert capsys.readouterr().out == "dry run: 1 added, 0 changed, 0 as they were\n"
    assert not Agency.objects.filter(pk="baru").exists()
    call_command("import_agencies", str(file))
    assert Agency.objects.filter(pk="baru").exists()
    file.write_text("code,name,short\nbaru,,Baru\n,X,X\n")
    with pytest.raises(CommandError, match=r"nothing was imported.\n.*2.*\n.*3"):
        call_command("import_agencies", str(file))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_agencies", str(tmp_path / "nothing.csv"))


def upload(client: Client, where: str, content: str, **more: Any) -> Any:
    return client.post(where, {"file": SimpleUploadedFile("data", content.encode())} | more)


def test_the_same_on_the_page(admin: Client) -> None:
    told = upload(admin, "/atur/agencies/import/", "code,name,short\nbaru,,Baru\n")
    assert told.status_code == 400
    assert "<strong>baris 2</strong>: “name” harus 1 sampai 200 karakter." in told.content.decode()
    tried = upload(admin, "/atur/agencies/import/", "code,name,short\nbaru,Dinas Baru,Baru\n", dry_run="on")
    assert "Akan menambah 1, mengubah 0" in tried.content.decode()
    assert not Agency.objects.filter(pk="baru").exists()
    assert upload(admin, "/atur/agencies/import/", "code,name,short\nbaru,Dinas Baru,Baru\n").status_code == 302
    assert AuditEntry.objects.get(subject="baru").actor == "adi"


FORM = {"name": "Dinas Sumber Daya Air", "short": "Air", "active": "on"}


def test_editing_is_recorded_with_before_and_after(admin: Client) -> None:
    assert admin.post("/atur/agencies/of/sda/", FORM).status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.topic, entry.subject, entry.before, entry.after) == (
        "agency",
        "sda",
        {"short": "SDA"},
        {"short": "Air"},
    )


def test_what_complaints_depend_on_cannot_be_switched_off(admin: Client) -> None:
    told = admin.post("/atur/agencies/of/sda/", FORM | {"active": ""})
    assert told.status_code == 400
    assert "Aturan yang berlaku menyebutnya (10)" in told.content.decode()
    desk = admin.post("/atur/agencies/of/diskominfo/", FORM)
    assert "Harus ada meja bawaan" in desk.content.decode()
    assert Agency.objects.get(is_default_desk=True).code == "diskominfo"


def test_another_default_desk_takes_the_place_of_the_first(admin: Client) -> None:
    assert admin.post("/atur/agencies/of/bpbd/", FORM | {"is_default_desk": "on"}).status_code == 302
    assert Agency.objects.get(is_default_desk=True).code == "bpbd"
    assert {entry.subject for entry in AuditEntry.objects.all()} == {"bpbd", "diskominfo"}


def test_a_new_agency_and_a_code_that_is_none(admin: Client) -> None:
    assert admin.post("/atur/agencies/new/", FORM | {"code": "Dinas"}).status_code == 400
    assert admin.post("/atur/agencies/new/", FORM | {"code": "sda"}).status_code == 400
    assert admin.post("/atur/agencies/new/", FORM | {"code": "baru"}).headers["Location"] == "/atur/agencies/of/baru/"
    assert AuditEntry.objects.get().action == "add"


def test_whoever_gets_complaints_and_hears_nothing_is_warned_of(admin: Client) -> None:
    warning = "Aduan masuk ke instansi ini, tetapi tidak ada yang diberi tahu"
    assert warning in admin.get("/atur/agencies/of/sda/").content.decode()
    assert warning not in admin.get("/atur/agencies/of/ppkukm/").content.decode()
    assert "Tidak ada yang diberi tahu tentang aduan di:" in admin.get("/atur/").content.decode()
    assert admin.post("/atur/agencies/of/sda/contacts/", {"address": "a@b.example", "level": 1}).status_code == 302
    assert warning not in admin.get("/atur/agencies/of/sda/").content.decode()
    contact = Contact.objects.get()
    assert admin.post(f"/atur/agencies/of/sda/contacts/{contact.pk}/").status_code == 302
    assert warning in admin.get("/atur/agencies/of/sda/").content.decode()
    assert [entry.action for entry in AuditEntry.objects.filter(topic="contact")] == ["change", "add"]


@pytest.mark.parametrize("address", ["nobody", "http://elsewhere.example/hook", ""])
def test_an_address_nothing_can_be_sent_to_is_refused(address: str, admin: Client) -> None:
    assert admin.post("/atur/agencies/of/sda/contacts/", {"address": address, "level": 1}).status_code == 400
    assert not Contact.objects.exists()


def test_an_address_stands_once_and_a_webhook_is_one(admin: Client) -> None:
    form = {"address": "https://opd.example/hook", "level": 2}
    assert admin.post("/atur/agencies/of/sda/contacts/", form).status_code == 302
    assert admin.post("/atur/agencies/of/sda/contacts/", form).status_code == 400
    assert Contact.objects.get().channel == "webhook"


def test_a_contact_of_another_agency_is_not_there(admin: Client) -> None:
    contact = Contact.objects.create(agency_id="bpbd", channel="email", address="a@b.example")
    assert admin.post(f"/atur/agencies/of/sda/contacts/{contact.pk}/").status_code == 404
