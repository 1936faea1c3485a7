"""An administrator makes, changes and disables logins."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from central.accounts import people, second_factor
from central.accounts.roles import Role, actor_of
from central.administration.models import AuditEntry
from central.outbox.models import Outgoing
from tests.central.accounts.test_second_factor import enrolled
from tests.central.desks.conftest import client_of, staff

pytestmark = pytest.mark.django_db

NEW = {"name": "budi", "role": "officer", "agency": "dishub", "email": "", "active": "on"}
GOOD = "kuda baterai staples"


@pytest.fixture
def admin(seeded: None) -> Client:
    return client_of(staff("adi", Role.ADMIN))


def made(admin: Client, **more: str) -> tuple[User, str]:
    page = admin.post("/atur/pengguna/baru/", NEW | more).content.decode()
    link = re.search(r"http://127\.0\.0\.1:8080(/akun/baru/[^<]+)", page)
    return User.objects.get(username=NEW["name"] if "name" not in more else more["name"]), link[1] if link else ""


def is_in(client: Client) -> bool:
    return bool(client.get("/akun/").status_code == 200)


def test_a_new_login_sets_its_own_password_with_a_link_that_works_once(admin: Client) -> None:
    user, link = made(admin)
    assert (actor_of(user).role, actor_of(user).agency) == (Role.OFFICER, "dishub")
    assert not user.has_usable_password()
    owner = Client()
    form = owner.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    assert "set-password" in address  # the secret does not stay in the address
    assert owner.post(address, {"new_password1": "12345678", "new_password2": "12345678"}).status_code == 200
    assert owner.post(address, {"new_password1": GOOD, "new_password2": GOOD}).headers["Location"] == "/login/"
    assert owner.post("/login/", {"username": "budi", "password": GOOD}).headers["Location"] == "/agency/"
    assert "tidak berlaku lagi" in Client().get(link, follow=True).content.decode()
    entries = AuditEntry.objects.filter(topic="user", subject="budi")
    assert [(entry.action, entry.actor) for entry in entries] == [("link", "adi"), ("add", "adi")]
    assert link.split("/")[4] not in str([entry.after for entry in entries])


def test_with_an_address_the_link_goes_there_and_nowhere_else(admin: Client, settings: Any) -> None:
    settings.SENDS_MAIL = True
    _user, link = made(admin, email="budi@dishub.example")
    assert link == ""
    letter = Outgoing.objects.get()
    assert letter.address == "budi@dishub.example"
    assert "/akun/baru/" in letter.content["text"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"agency": ""}, "harus punya OPD"),
        ({"role": "operator"}, "seluruh kota"),
        ({"name": "ADI", "role": "admin", "agency": ""}, "sudah dipakai"),
        ({"name": "a b"}, 'role="alert"'),
        ({"role": "system"}, 'role="alert"'),
        ({"email": "x"}, 'role="alert"'),
    ],
)
def test_what_makes_no_sense_is_told(admin: Client, wrong: dict[str, str], told: str) -> None:
    answer = admin.post("/atur/pengguna/baru/", NEW | wrong)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert User.objects.count() == 1


def test_another_role_ends_what_the_old_one_allowed(admin: Client) -> None:
    dewi = staff("dewi", Role.OFFICER, "dishub")
    browser = client_of(dewi)
    change = {"role": "officer", "agency": "dishub", "email": "d@dishub.example", "active": "on"}
    admin.post(f"/atur/pengguna/{dewi.pk}/", change)
    assert is_in(browser)  # another address only
    admin.post(f"/atur/pengguna/{dewi.pk}/", change | {"role": "operator", "agency": ""})
    assert not is_in(browser)
    assert actor_of(User.objects.get(pk=dewi.pk)).role is Role.OPERATOR
    assert client_of(User.objects.get(pk=dewi.pk)).get("/agency/").status_code == 403
    last = AuditEntry.objects.first()
    assert last is not None
    assert (last.before, last.after) == (
        {"role": "officer", "agency": "dishub"},
        {"role": "operator", "agency": ""},
    )


def test_a_disabled_login_is_out_and_stays_out(admin: Client) -> None:
    dewi = staff("dewi", Role.OFFICER, "dishub")
    browser = client_of(dewi)
    admin.post(f"/atur/pengguna/{dewi.pk}/", {"role": "officer", "agency": "dishub", "email": ""})
    assert not is_in(browser)
    assert browser.post("/login/", {"username": "dewi", "password": "dewi has a password"}).status_code == 200
    assert "tidak boleh masuk" in admin.get("/atur/pengguna/").content.decode()


@pytest.mark.parametrize("change", [{"role": "operator", "active": "on"}, {"role": "admin"}])
def test_nobody_locks_oneself_out(admin: Client, change: dict[str, str]) -> None:
    adi = User.objects.get()
    answer = admin.post(f"/atur/pengguna/{adi.pk}/", {"agency": "", "email": ""} | change)
    assert answer.status_code == 400
    assert actor_of(User.objects.get()).role is Role.ADMIN
    assert is_in(admin)


def test_a_lost_telephone(admin: Client) -> None:
    dewi = staff("dewi", Role.OFFICER, "dishub")
    enrolled(dewi)
    browser = client_of(dewi)
    admin.post(f"/atur/pengguna/{dewi.pk}/tindakan/", {"wanted": "second-factor"})
    assert not second_factor.has_one(dewi)
    assert not is_in(browser)
    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after) == ({"second_factor": True}, {"second_factor": False})


def test_out_everywhere(admin: Client) -> None:
    dewi = staff("dewi", Role.OFFICER, "dishub")
    browser = client_of(dewi)
    assert "Sedang masuk" in admin.get(f"/atur/pengguna/{dewi.pk}/").content.decode()
    admin.post(f"/atur/pengguna/{dewi.pk}/tindakan/", {"wanted": "sign-out"})
    assert not is_in(browser)
    assert admin.post(f"/atur/pengguna/{dewi.pk}/tindakan/", {"wanted": "fly"}).status_code == 404


def test_the_link_of_a_password_ends_with_the_next_login(admin: Client) -> None:
    dewi = staff("dewi", Role.OFFICER, "dishub")
    path = people.password_path(dewi)
    User.objects.filter(pk=dewi.pk).update(last_login=timezone.now())
    assert "tidak berlaku lagi" in Client().get(path, follow=True).content.decode()


def test_names_are_found(admin: Client) -> None:
    for number in range(55):
        User.objects.create(username=f"petugas{number:02}")
    first = admin.get("/atur/pengguna/").content.decode()
    assert first.count('<td data-label="Nama">') == 50
    assert "petugas07" in admin.get("/atur/pengguna/?q=TUGAS07").content.decode()
    assert "Tidak ada login" in admin.get("/atur/pengguna/?q=x%27y").content.decode()
