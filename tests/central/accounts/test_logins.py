"""When a login ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from central.accounts import logins
from central.accounts.models import Login
from central.accounts.roles import Role
from tests.central.desks.conftest import client_of, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def oki(seeded: None) -> User:
    return staff("oki", Role.OPERATOR)


@pytest.fixture
def dewi(seeded: None) -> User:
    return staff("dewi", Role.OFFICER, "dishub")


def age(client: Client, **by: Any) -> None:
    """As if the login had begun, or been used, so much earlier."""
    session = client.session
    for name, earlier in by.items():
        session[name] -= earlier.total_seconds()
    session.save()


def is_in(client: Client, path: str, **more: Any) -> bool:
    response = client.get(path, **more)
    return response.status_code == 200 and "HX-Redirect" not in response.headers


def test_nothing_done_for_an_hour_ends_it(dewi: User) -> None:
    client = client_of(dewi)
    age(client, login_seen=timedelta(minutes=59))
    assert is_in(client, "/agency/")
    age(client, login_seen=timedelta(minutes=61))
    assert not is_in(client, "/agency/")
    assert Login.objects.get().ending == Login.Ending.IDLE
    assert not is_in(client, "/agency/")


def test_it_ends_after_half_a_day_however_busy(dewi: User) -> None:
    client = client_of(dewi)
    age(client, login_began=timedelta(hours=12))
    assert not is_in(client, "/agency/")
    assert Login.objects.get().ending == Login.Ending.AGE
    assert not Session.objects.exists()


def test_a_session_of_unknown_age_has_ended(dewi: User) -> None:
    client = client_of(dewi)
    session = client.session
    del session["login_began"]
    session.save()
    assert not is_in(client, "/agency/")


@pytest.mark.parametrize(("name", "path", "stays"), [("dewi", "/agency/", False), ("oki", "/operator/", True)])
def test_what_a_page_fetches_by_itself_keeps_only_the_wall_awake(
    dewi: User, oki: User, name: str, path: str, stays: bool
) -> None:
    client = client_of(User.objects.get(username=name))
    age(client, login_seen=timedelta(minutes=40))
    assert is_in(client, path, headers={"HX-Request": "true"})
    age(client, login_seen=timedelta(minutes=40))
    assert is_in(client, path, headers={"HX-Request": "true"}) == stays


def test_use_is_written_down_once_a_minute(dewi: User) -> None:
    client = client_of(dewi)
    age(client, login_seen=timedelta(minutes=2))
    seen = Login.objects.get().seen
    assert is_in(client, "/akun/")
    assert Login.objects.get().seen > seen
    seen = Login.objects.get().seen
    assert is_in(client, "/akun/")
    assert Login.objects.get().seen == seen


def test_a_login_makes_a_new_session(oki: User) -> None:
    client = Client()
    session = client.session
    session["cart"] = "planted"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    client.post("/login/", {"username": "oki", "password": "oki has a password"})
    assert client.cookies["sessionid"].value != planted
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


def test_out_everywhere_else(oki: User) -> None:
    here, there = client_of(oki), client_of(oki)
    stranger = client_of(staff("adi", Role.ADMIN))
    page = here.get("/akun/").content.decode()
    assert page.count("terakhir dipakai") == 2
    here.post("/akun/keluar/")
    assert is_in(here, "/operator/")
    assert not is_in(there, "/operator/")
    assert is_in(stranger, "/operator/")
    assert Login.objects.filter(ending=Login.Ending.EVERYWHERE).count() == 1


def test_logging_out_is_written_down(oki: User) -> None:
    client_of(oki).post("/logout/")
    ended = Login.objects.get()
    assert (ended.user, ended.ending) == (oki, Login.Ending.LOGOUT)


def test_a_disabled_account_is_out_at_once(oki: User) -> None:
    client = client_of(oki)
    User.objects.update(is_active=False)
    assert not is_in(client, "/operator/")


def test_a_new_password_ends_the_other_logins(oki: User) -> None:
    here, there = client_of(oki), client_of(oki)
    form = {"old_password": "oki has a password", "new_password1": "kuda baterai staples"}
    refused = here.post("/akun/kata-sandi/", form | {"new_password2": "something else"})
    assert refused.status_code == 200
    assert is_in(there, "/operator/")
    old_key = here.cookies["sessionid"].value
    assert here.post("/akun/kata-sandi/", form | {"new_password2": form["new_password1"]}).status_code == 302
    assert here.cookies["sessionid"].value != old_key
    assert is_in(here, "/operator/")
    assert not is_in(there, "/operator/")
    assert [login.session_key for login in logins.standing(oki)] == [here.cookies["sessionid"].value]


def test_a_new_password_needs_the_old_one(oki: User) -> None:
    new = "kuda baterai staples"
    form = {"old_password": "guessed", "new_password1": new, "new_password2": new}
    assert client_of(oki).post("/akun/kata-sandi/", form).status_code == 200
    assert User.objects.get().check_password("oki has a password")


def test_old_logins_are_forgotten(oki: User) -> None:
    client_of(oki)
    logins.forget(timezone.now() + timedelta(days=399), 100)
    assert Login.objects.exists()
    logins.forget(timezone.now() + timedelta(days=401), 100)
    assert not Login.objects.exists()
