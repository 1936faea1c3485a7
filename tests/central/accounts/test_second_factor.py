"""Two-step logins."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from central.accounts import second_factor
from central.accounts.models import Login
from central.accounts.roles import STAFF_ROLES, Role
from central.security.required import ROLES, roles_from
from tests.central.desks.conftest import client_of, staff

pytestmark = pytest.mark.django_db

PASSWORD = "oki has a password"


@pytest.fixture
def oki(seeded: None) -> User:
    return staff("oki", Role.OPERATOR)


@pytest.fixture
def adi(seeded: None, settings: Any) -> User:
    settings.SECOND_FACTOR_ROLES = frozenset({"admin"})
    return staff("adi", Role.ADMIN)


def code_of(device: TOTPDevice, steps_later: int = 0) -> str:
    """What the telephone shows now, or so many times thirty seconds later."""
    totp = TOTP(device.bin_key)
    totp.time = time.time() + 30 * steps_later
    return f"{totp.token():06d}"


def enrolled(user: User) -> TOTPDevice:
    device = second_factor.draft(user)
    assert second_factor.confirm(user, code_of(device), timezone.now()).good
    device.refresh_from_db()
    return device


def calm_down(user: User) -> None:
    """As if the waits after wrong codes had passed."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.filter(user=user).update(throttling_failure_count=0, throttling_failure_timestamp=None)


def password_given(name: str, **more: str) -> tuple[Client, HttpResponse]:
    client = Client()
    return client, client.post("/login/", {"username": name, "password": f"{name} has a password"} | more)


def is_in(client: Client) -> bool:
    return bool(client.get("/akun/").status_code == 200)


def test_the_password_alone_lets_nobody_in(oki: User) -> None:
    device = enrolled(oki)
    client, answer = password_given("oki", next="/operator/complaints/")
    assert answer.headers["Location"] == "/login/kode/"
    assert not is_in(client)
    asked = client.cookies["sessionid"].value
    wrong = client.post("/login/kode/", {"code": "000000"})
    assert "Kode ini salah" in wrong.content.decode()
    assert not is_in(client)
    calm_down(oki)
    let_in = client.post("/login/kode/", {"code": code_of(device, 1)})
    assert let_in.headers["Location"] == "/operator/complaints/"
    assert is_in(client)
    assert client.cookies["sessionid"].value != asked
    assert Login.objects.get().second_factor


def test_a_code_is_good_once(oki: User) -> None:
    device = enrolled(oki)
    code = code_of(device, 1)
    first, _ = password_given("oki")
    assert first.post("/login/kode/", {"code": code}).status_code == 302
    second, _ = password_given("oki")
    assert second.post("/login/kode/", {"code": code}).status_code == 200
    assert not is_in(second)


def test_guessing_codes_gets_slower_and_slower(oki: User) -> None:
    device = enrolled(oki)
    client, _ = password_given("oki")
    client.post("/login/kode/", {"code": "000000"})
    TOTPDevice.objects.update(throttling_failure_count=9, throttling_failure_timestamp=timezone.now())
    waits = client.post("/login/kode/", {"code": code_of(device, 1)})  # the right one
    assert waits.status_code == 429
    assert "Coba lagi dalam 4 mnt" in waits.content.decode()
    assert not is_in(client)
    past = timezone.now() - timedelta(seconds=257)
    TOTPDevice.objects.update(throttling_failure_timestamp=past)
    assert client.post("/login/kode/", {"code": code_of(device, 1)}).status_code == 302


@pytest.mark.parametrize("what", ["time passes", "a new password", "disabled", "no password at all"])
def test_the_first_step_does_not_last(oki: User, what: str) -> None:
    device = enrolled(oki)
    client, _ = password_given("oki")
    if what == "time passes":
        session = client.session
        session["pending_login"] |= {"began": session["pending_login"]["began"] - 601}
        session.save()
    elif what == "a new password":
        oki.set_password("another one")
        oki.save()
    elif what == "disabled":
        User.objects.update(is_active=False)
    else:
        client = Client()
    answer = client.post("/login/kode/", {"code": code_of(device, 1)})
    assert answer.headers["Location"] == "/login/"
    assert not is_in(client)


def test_who_needs_it_enrols_before_being_let_in(adi: User) -> None:
    client, answer = password_given("adi", next="/atur/")
    assert answer.headers["Location"] == "/login/daftar/"
    page = client.get("/login/daftar/").content.decode()
    assert 'class="qr"' in page
    assert "style=" not in page
    device = TOTPDevice.objects.get()
    assert second_factor.key_text(device) in page
    assert client.get("/login/daftar/").content.decode().count(second_factor.key_text(device)) == 1  # the same again
    assert not is_in(client)
    assert client.post("/login/daftar/", {"code": "000000"}).status_code == 200
    assert not second_factor.has_one(adi)
    calm_down(adi)
    shown = client.post("/login/daftar/", {"code": code_of(device)})
    assert shown.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert 'href="/atur/"' in shown.content.decode()
    assert is_in(client)
    codes = re.findall(r">([a-z2-7]{4}-[a-z2-7]{4})<", shown.content.decode())
    assert len(set(codes)) == 10
    other, answer = password_given("adi")
    assert answer.headers["Location"] == "/login/kode/"
    assert other.post("/login/kode/", {"code": codes[3].upper()}).status_code == 302
    assert second_factor.backup_codes_left(adi) == 9
    again, _ = password_given("adi")
    assert again.post("/login/kode/", {"code": codes[3]}).status_code == 200


def test_whose_role_needs_it_not_may_have_it_and_turn_it_off(oki: User) -> None:
    client = client_of(oki)
    assert client.get("/akun/dua-langkah/daftar/").headers["Location"] == "/akun/dua-langkah/"
    assert (
        "Kata sandi ini salah"
        in client.post("/akun/dua-langkah/", {"password": "guessed", "wanted": "enrol"}).content.decode()
    )
    assert client.post("/akun/dua-langkah/", {"password": PASSWORD, "wanted": "enrol"}).status_code == 302
    assert client.get("/akun/dua-langkah/daftar/").status_code == 200
    assert (
        "kode cadangan"
        in client.post("/akun/dua-langkah/daftar/", {"code": code_of(TOTPDevice.objects.get())})
        .content.decode()
        .lower()
    )
    assert second_factor.has_one(oki)
    client.post("/akun/dua-langkah/", {"password": "guessed", "wanted": "off"})
    assert second_factor.has_one(oki)
    client.post("/akun/dua-langkah/", {"password": PASSWORD, "wanted": "off"})
    assert not second_factor.has_one(oki)
    assert second_factor.backup_codes_left(oki) == 0
    assert password_given("oki")[1].headers["Location"] == "/operator/"


def test_another_telephone_takes_the_place_of_the_old_one_once_it_works(oki: User) -> None:
    old = enrolled(oki)
    client = client_of(oki)
    client.post("/akun/dua-langkah/", {"password": PASSWORD, "wanted": "enrol"})
    client.get("/akun/dua-langkah/daftar/")
    assert TOTPDevice.objects.filter(confirmed=True).get() == old
    new = TOTPDevice.objects.get(confirmed=False)
    client.post("/akun/dua-langkah/daftar/", {"code": code_of(new)})
    assert TOTPDevice.objects.get() == new
    assert client.get("/akun/dua-langkah/daftar/").status_code == 302  # the password opens it once


def test_whose_role_needs_it_cannot_turn_it_off(adi: User) -> None:
    enrolled(adi)
    client_of(adi).post("/akun/dua-langkah/", {"password": "adi has a password", "wanted": "off"})
    assert second_factor.has_one(adi)


def test_new_backup_codes_end_the_old_ones(oki: User) -> None:
    enrolled(oki)
    old = second_factor.new_backup_codes(oki)
    page = client_of(oki).post("/akun/dua-langkah/", {"password": PASSWORD, "wanted": "backup"}).content.decode()
    assert old[0] not in page
    assert not second_factor.check(oki, old[0], timezone.now()).good


def test_guessing_the_password_within_a_login_is_slow_too(oki: User) -> None:
    client = client_of(oki)
    for _ in range(4):
        assert client.post("/akun/dua-langkah/", {"password": "guessed", "wanted": "enrol"}).status_code == 200
    assert client.post("/akun/dua-langkah/", {"password": "guessed", "wanted": "enrol"}).status_code == 429
    form = {"old_password": PASSWORD, "new_password1": "kuda baterai", "new_password2": "kuda baterai"}
    assert client.post("/akun/kata-sandi/", form).status_code == 429


def test_the_command_resets_it(adi: User, capsys: pytest.CaptureFixture[str]) -> None:
    enrolled(adi)
    client = client_of(adi)
    call_command("second_factor", "adi")
    assert capsys.readouterr().out == "adi: telephone enrolled, 0 backup codes; required\n"
    call_command("second_factor", "adi", "--reset")
    assert capsys.readouterr().out == "adi: no telephone, 0 backup codes; required\n"
    assert not is_in(client)
    with pytest.raises(CommandError, match="no login"):
        call_command("second_factor", "nobody")


def test_whose_login_needs_it_is_a_setting() -> None:
    assert set(ROLES) == {role.value for role in STAFF_ROLES}
    assert roles_from("admin, operator") == {"admin", "operator"}
    assert roles_from("none") == roles_from("") == frozenset()
    for nonsense in ("admins", "admin,none"):
        with pytest.raises(ImproperlyConfigured, match="SIGAP_SECOND_FACTOR"):
            roles_from(nonsense)
