"""Tokens: made, checked, counted, revoked."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from central.accounts.roles import Role
from central.api import tokens
from central.api.limits import OTHERS, Minutes, network_of
from central.api.models import Token
from central.api.scopes import Scope
from tests.central.api.conftest import ABROAD, Program, program_of, token_of
from tests.central.desks.conftest import staff
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


def test_a_token_is_kept_as_its_hash_only(seeded: None) -> None:
    owner = staff("oki", Role.OPERATOR)
    secret = tokens.make(owner, "kiosk", [Scope.REPORTS_WRITE], NOON)
    row = Token.objects.get()
    assert secret.startswith(tokens.PREFIX)
    assert len(secret) == len(tokens.PREFIX) + 43
    assert secret not in {str(value) for value in vars(row).values()}
    assert secret.startswith(row.hint)
    assert tokens.find(secret, NOON) == row


def test_when_it_was_used_is_known_to_the_minute(seeded: None) -> None:
    secret = tokens.make(staff("oki", Role.OPERATOR), "kiosk", [Scope.REPORTS_WRITE], NOON)
    for moment, known in ((at(5), at(5)), (at(30), at(5)), (at(70), at(70))):
        tokens.find(secret, moment)
        assert Token.objects.get().last_used == known


def test_what_ends_a_token(seeded: None) -> None:
    owner = staff("oki", Role.OPERATOR)
    secret = tokens.make(owner, "kiosk", [Scope.REPORTS_WRITE], NOON, expires=at(60))
    tokens.find(secret, at(59))
    with pytest.raises(tokens.BadToken, match="expired"):
        tokens.find(secret, at(60))
    newer = tokens.make(owner, "kiosk", [Scope.REPORTS_WRITE], at(1))
    with pytest.raises(tokens.BadToken, match="revoked"):
        tokens.find(secret, at(2))
    owner.is_active = False
    owner.save()
    with pytest.raises(tokens.BadToken, match="owner"):
        tokens.find(newer, at(2))
    owner.is_active = True
    owner.save()
    assert tokens.revoke(tokens.find(newer, at(2)).pk, at(3))
    assert not tokens.revoke(Token.objects.latest("pk").pk, at(3))
    with pytest.raises(tokens.BadToken, match="revoked"):
        tokens.find(newer, at(4))


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Bearer \x00", "Basic b2tpOm9raQ==", "Bearer sigap_é"])
def test_a_token_that_does_not_count_is_refused_even_where_none_is_needed(header: str, seeded: None) -> None:
    program = Program()
    program.get("/agencies", 401, Authorization=header)
    assert program.last.headers["WWW-Authenticate"].startswith("Bearer")


def test_without_a_token_and_without_the_scope(seeded: None) -> None:
    report = {"kind": "flood", "lat": 0, "lon": 0}
    assert Program().post("/reports", report, 401)["type"].endswith("#no-token")
    program = program_of(staff("oki", Role.OPERATOR), Scope.INCIDENTS_READ)
    problem = program.post("/reports", report, 403)
    assert (problem["type"].rpartition("#")[2], problem["scope"]) == ("no-scope", "reports:write")
    assert 'error="insufficient_scope", scope="reports:write"' in program.last.headers["WWW-Authenticate"]


def test_what_a_token_was_shown_is_not_for_others(seeded: None) -> None:
    program = program_of(staff("oki", Role.OPERATOR))
    program.get("/complaints")
    assert program.last.headers["Cache-Control"].startswith("private")
    assert "Authorization" in program.last.headers["Vary"]


def test_a_token_is_counted_by_the_minute(seeded: None) -> None:
    program = program_of(staff("oki", Role.OPERATOR))
    Token.objects.update(per_minute=2)
    for left in (1, 0):
        program.get("/agencies")
        assert program.last.headers["RateLimit-Policy"] == '"minute";q=2;w=60'
        assert program.last.headers["RateLimit"].startswith(f'"minute";r={left};t=')
    assert program.get("/agencies", 429)["type"].endswith("#too-many")
    assert 1 <= int(program.last.headers["Retry-After"]) <= 60
    assert program.last.headers["RateLimit"].startswith('"minute";r=0;')
    Program(token_of(staff("other", Role.OPERATOR))).get("/agencies", 200)


def test_an_address_is_counted_by_the_minute_also_when_it_guesses_tokens(seeded: None, settings: Any) -> None:
    settings.API_PER_MINUTE = 2
    program = Program()
    program.client.defaults["REMOTE_ADDR"] = ABROAD
    program.get("/agencies")
    program.get("/agencies", 401, Authorization="Bearer guess")
    program.get("/agencies", 429, Authorization="Bearer guess")
    program.get("/agencies", 429)
    program.client.defaults["REMOTE_ADDR"] = "127.0.0.1"
    for _ in range(3):
        program.get("/agencies")
    assert "RateLimit" not in program.last.headers, "this machine's own monitors are not counted"


def test_minutes() -> None:
    minutes = Minutes(most_callers=2)
    used = [minutes.use("a", 2, at(second)).is_over for second in (0, 1, 59)]
    assert used == [False, False, True]
    assert not minutes.use("a", 2, at(60)).is_over
    assert minutes.use("a", 2, at(119)).reset_s == 1
    minutes.use("b", 9, at(61))
    assert [minutes.use(name, 1, at(62)).is_over for name in ("c", "d")] == [False, True], "all others together"
    assert OTHERS in minutes._used


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_who_is_one_caller(address: str, caller: str) -> None:
    assert network_of(address) == caller


def test_the_command_shows_the_token_once(capsys: pytest.CaptureFixture[str], seeded: None) -> None:
    staff("oki", Role.OPERATOR)
    command = ("make_token", "kiosk", "--owner", "oki")
    call_command(*command, "--scope", "reports:write", "--scope", "reports:read", "--per-minute", "7")
    secret = capsys.readouterr().out.strip()
    row = tokens.find(secret, timezone.now())
    assert (row.scopes, row.per_minute) == (["reports:read", "reports:write"], 7)
    assert row.expires is not None
    assert timedelta(days=364) < row.expires - timezone.now() <= timedelta(days=365)
    call_command(*command, "--scope", "reports:write", "--days", "0")
    assert tokens.find(capsys.readouterr().out.strip(), timezone.now()).expires is None
    call_command(*command, "--revoke")
    assert not Token.objects.filter(revoked__isnull=True).exists()
    for wrong in (
        (*command, "--revoke"),
        command,
        ("make_token", "kiosk", "--owner", "nobody", "--scope", "reports:write"),
        (*command, "--scope", "reports:write", "--days", "-1"),
        ("make_token", "", "--owner", "oki", "--scope", "reports:write"),
    ):
        with pytest.raises(CommandError):
            call_command(*wrong)
