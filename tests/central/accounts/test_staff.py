"""`manage staff`."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from central.accounts.roles import Role, actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGAP_STAFF_PASSWORD", "kucing-hitam-17")


def test_officer_and_then_operator(seeded: None) -> None:
    call_command("staff", "budi", "--role", "officer", "--agency", "dishub")
    actor = actor_of(User.objects.get(username="budi"))
    assert (actor.role, actor.agency) == (Role.OFFICER, "dishub")
    call_command("staff", "budi", "--role", "operator")
    user = User.objects.get(username="budi")
    assert (actor_of(user).role, actor_of(user).agency) == (Role.OPERATOR, None)
    assert user.check_password("kucing-hitam-17")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--role", "officer"], "belongs to one of: .*dishub"),
        (["--role", "officer", "--agency", "nasa"], "belongs to one of: .*dishub"),
        (["--role", "operator", "--agency", "dishub"], "goes with --role officer"),
    ],
)
def test_roles_that_make_no_sense(seeded: None, arguments: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("staff", "budi", *arguments)
    assert not User.objects.exists()


def test_weak_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGAP_STAFF_PASSWORD", "12345678")
    with pytest.raises(CommandError, match="password of rina"):
        call_command("staff", "rina", "--role", "operator")
