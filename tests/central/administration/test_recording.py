"""The audit trail of settings."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from central.accounts.roles import Actor, Role
from central.administration.models import AuditEntry, AuditIsAppendOnly
from central.administration.recording import AT_THE_TERMINAL, entry_of, snapshot, write_down, write_down_all
from central.routing.models import Agency
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


def test_only_what_differs_is_kept(seeded: None) -> None:
    user = User.objects.create_user("adi")
    agency = Agency.objects.get(pk="sda")
    before = snapshot(agency)
    agency.short = "Air"
    agency.save()
    actor = Actor(role=Role.ADMIN, name="adi", user=user)
    write_down(actor, NOON, topic="agency", subject="sda", action="change", before=before, after=snapshot(agency))
    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after, entry.user, entry.time) == ({"short": "SDA"}, {"short": "Air"}, user, NOON)


def test_saving_without_a_change_is_no_change(seeded: None) -> None:
    same = snapshot(Agency.objects.get(pk="sda"))
    assert (
        write_down(AT_THE_TERMINAL, NOON, topic="agency", subject="sda", action="change", before=same, after=same)
        is None
    )
    assert not AuditEntry.objects.exists()


def test_no_record_shows_a_password() -> None:
    user = User.objects.create_user("adi", password="adi has a password")
    assert "password" not in snapshot(user)
    assert snapshot(user)["username"] == "adi"


def test_an_entry_stays_as_it_was_written() -> None:
    entry = write_down(AT_THE_TERMINAL, NOON, topic="area", subject="x", action="add", after={"name": "X"})
    assert entry is not None
    entry.actor = "nobody"
    with pytest.raises(AuditIsAppendOnly):
        entry.save()
    with pytest.raises(AuditIsAppendOnly):
        entry.delete()
    assert AuditEntry.objects.get().actor == AT_THE_TERMINAL.name


def test_many_at_once() -> None:
    entries = [
        entry_of(
            AT_THE_TERMINAL, at(number), topic="area", subject=str(number), action="import", before=old, after={"n": 1}
        )
        for number, old in enumerate((None, {"n": 0}, {"n": 1}))
    ]
    write_down_all(entries)
    assert [entry.subject for entry in AuditEntry.objects.all()] == ["1", "0"]


def test_commands_on_the_server_are_recorded_too(seeded: None) -> None:
    call_command("policy", "jam", "--hold", "20")
    call_command("policy", "jam", "--hold", "20")
    call_command("contact", "dishub", "budi@dishub.example")
    told = [(entry.topic, entry.subject, entry.action, entry.user) for entry in AuditEntry.objects.order_by("pk")]
    assert told == [("kind", "jam", "change", None), ("contact", "dishub", "add", None)]
    assert AuditEntry.objects.get(topic="kind").before == {"hold_s": 600}
