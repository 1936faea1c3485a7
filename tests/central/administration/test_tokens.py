"""An administrator makes programs' tokens, sees when they were used, and revokes them."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from central.accounts.roles import Role
from central.administration.models import AuditEntry
from central.api import tokens
from central.api.models import Token
from central.api.scopes import Scope
from tests.central.desks.conftest import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def kiosk(seeded: None) -> User:
    return staff("kiosk", None)


def form(login: User, **changes: object) -> dict[str, object]:
    given = {"name": "kios", "owner": login.pk, "scopes": ["reports:write"], "lasts": "90", "per_minute": 60}
    return given | changes


def test_a_token_is_shown_once_and_counts(admin: Client, kiosk: User) -> None:
    response = admin.post("/atur/token/baru/", form(kiosk))
    [secret] = re.findall(r"sigap_[\w-]{43}", response.content.decode())
    assert "no-store" in response.headers["Cache-Control"]
    row = tokens.find(secret, timezone.now())
    assert (row.owner, row.scopes, row.per_minute) == (kiosk, ["reports:write"], 60)
    assert row.expires is not None
    assert row.expires - row.created == timedelta(days=90)
    for page in ("/atur/token/", f"/atur/token/{row.pk}/", "/atur/audit/"):
        text = admin.get(page).content.decode()
        assert secret not in text
        assert "kios" in text
    entry = AuditEntry.objects.get(topic="token")
    assert (entry.actor, entry.subject, entry.action) == ("adi", "kiosk/kios", "add")
    assert secret not in str(entry.after)


def test_revoked_it_counts_no_longer(admin: Client, kiosk: User) -> None:
    secret = tokens.make(kiosk, "kios", [Scope.WEBHOOKS], timezone.now())
    page = f"/atur/token/{Token.objects.get().pk}/"
    assert "Cabut token ini" in admin.get(page).content.decode()
    for _again in range(2):
        assert admin.post(page).headers["Location"] == page
    with pytest.raises(tokens.BadToken, match="revoked"):
        tokens.find(secret, timezone.now())
    assert "Cabut token ini" not in admin.get(page).content.decode()
    assert [entry.action for entry in AuditEntry.objects.all()] == ["revoke"], "what changes nothing is not recorded"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"owner": 999_999}, "owner"),
        ({"lasts": "7000"}, "lasts"),
        ({"per_minute": 0}, "per_minute"),
    ],
)
def test_what_makes_no_sense_is_told(admin: Client, kiosk: User, changes: dict[str, object], told: str) -> None:
    response = admin.post("/atur/token/baru/", form(kiosk, **changes))
    assert response.status_code == 400
    assert f'id="id_{told}_error"' in response.content.decode()
    assert not Token.objects.exists()


def test_a_token_that_counts_is_not_replaced_unasked(admin: Client, kiosk: User) -> None:
    secret = tokens.make(kiosk, "kios", [Scope.WEBHOOKS], timezone.now())
    assert admin.post("/atur/token/baru/", form(kiosk)).status_code == 400
    assert tokens.find(secret, timezone.now())
    tokens.revoke(Token.objects.get().pk, timezone.now())
    assert admin.post("/atur/token/baru/", form(kiosk, lasts="0")).status_code == 200
    assert Token.objects.get(revoked__isnull=True).expires is None


def test_a_login_that_may_not_log_in_owns_no_token(admin: Client, kiosk: User) -> None:
    tokens.make(kiosk, "kios", [Scope.WEBHOOKS], timezone.now())
    kiosk.is_active = False
    kiosk.save()
    assert admin.post("/atur/token/baru/", form(kiosk, name="lain")).status_code == 400
    assert "pemiliknya tidak boleh masuk" in admin.get("/atur/token/").content.decode()


def test_the_list_says_when_and_how_each_stands(admin: Client, kiosk: User) -> None:
    now = timezone.now()
    tokens.make(kiosk, "lama", [Scope.WEBHOOKS], now - timedelta(days=30), expires=now - timedelta(days=1))
    tokens.make(kiosk, "segera", [Scope.WEBHOOKS], now, expires=now + timedelta(days=3))
    tokens.find(tokens.make(kiosk, "peladen", [Scope.REPORTS_WRITE], now), now)
    text = admin.get("/atur/token/").content.decode()
    assert 'class="state grey">berakhir' in text
    assert "peladen" in text
    assert "peladen" not in admin.get("/atur/token/?q=segera").content.decode()
    assert "Tidak ada token seperti itu" in admin.get("/atur/token/?q=x%27y").content.decode()
    index = admin.get("/atur/").content.decode()
    assert "kedaluwarsa dalam dua minggu: segera." in index


def test_commands_on_the_server_are_recorded_too(kiosk: User) -> None:
    call_command("make_token", "kios", "--owner", "kiosk", "--scope", "webhooks")
    call_command("make_token", "kios", "--owner", "kiosk", "--revoke")
    told = [(entry.subject, entry.action, entry.user) for entry in AuditEntry.objects.order_by("pk")]
    assert told == [("kiosk/kios", "add", None), ("kiosk/kios", "revoke", None)]


def test_who_it_acts_as_is_told(admin: Client, seeded: None) -> None:
    tokens.make(staff("oki", Role.OPERATOR), "kios", [Scope.COMPLAINTS_READ], timezone.now())
    text = admin.get(f"/atur/token/{Token.objects.get().pk}/").content.decode()
    assert "operator" in text
    assert "Baca aduan seperti meja pemiliknya" in text
