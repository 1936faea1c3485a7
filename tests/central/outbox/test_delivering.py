"""Claims, back-off, dead letters."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from central.outbox.carriers import Message, NotNow, Undeliverable
from central.outbox.delivering import ATTEMPTS, FIRST_PAUSE, LEASE, LONGEST_PAUSE, claim, deliver_next, pause_after
from central.outbox.models import Contact, Outgoing
from central.outbox.posting import Post, post
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


class Memory:
    """Takes everything, or fails as it is told."""

    def __init__(self, *failures: Exception) -> None:
        self.taken: list[str] = []
        self._failures = list(failures)

    def deliver(self, message: Message) -> None:
        if self._failures:
            raise self._failures.pop(0)
        self.taken.append(message.key)


def letter(key: str, channel: str = "email") -> Post:
    return Post(key, channel, "budi@dishub.example", {"subject": "x", "text": "y"})


def test_delivered_once_however_often_it_was_posted() -> None:
    post([letter("a"), letter("b")], NOON)
    post([letter("a")], at(1))
    memory = Memory()
    assert [deliver_next({"email": memory}, at(2)) for _ in range(3)] == [True, True, False]
    assert memory.taken == ["a", "b"]
    row = Outgoing.objects.get(key="a")
    assert (row.state, row.finished, row.attempts, row.created) == ("sent", at(2), 1, NOON)


def test_what_is_rolled_back_was_never_posted() -> None:
    with transaction.atomic():
        post([letter("a")], NOON)
        transaction.set_rollback(True)
    assert not deliver_next({"email": Memory()}, at(1))


def test_a_channel_without_a_carrier_waits() -> None:
    post([letter("a"), letter("b", "webhook")], NOON)
    hooks = Memory()
    assert deliver_next({"webhook": hooks}, at(1))
    assert not deliver_next({"webhook": hooks}, at(1))
    assert Outgoing.objects.get(key="a").attempts == 0


def test_failure_of_the_moment_waits_longer_each_time_and_is_given_up_at_last() -> None:
    post([letter("a")], NOON)
    memory = Memory(*[NotNow("451 busy")] * ATTEMPTS)
    now, waits = NOON, []
    for _ in range(ATTEMPTS - 1):
        assert deliver_next({"email": memory}, now)
        row = Outgoing.objects.get()
        assert (row.state, row.error) == ("waiting", "451 busy")
        waits.append(row.next_attempt - now)
        assert not deliver_next({"email": memory}, row.next_attempt - timedelta(microseconds=1))
        now = row.next_attempt
    assert FIRST_PAUSE / 2 <= waits[0] <= FIRST_PAUSE
    assert LONGEST_PAUSE / 2 <= waits[-1] <= LONGEST_PAUSE
    assert deliver_next({"email": memory}, now)
    assert (Outgoing.objects.get().state, Outgoing.objects.get().finished) == ("dead", now)
    assert not deliver_next({"email": memory}, now + timedelta(days=9))


def test_refusal_is_final() -> None:
    post([letter("a")], NOON)
    deliver_next({"email": Memory(Undeliverable("550 no such user"))}, at(1))
    row = Outgoing.objects.get()
    assert (row.state, row.error, row.attempts) == ("dead", "550 no such user", 1)


def test_a_defect_delays_one_message_and_not_those_behind_it() -> None:
    post([letter("a")], NOON)
    post([letter("b")], at(1))
    memory = Memory(KeyError("subject"))
    deliver_next({"email": memory}, at(2))
    deliver_next({"email": memory}, at(2))
    assert memory.taken == ["b"]
    assert Outgoing.objects.get(key="a").error == "KeyError: 'subject'"


def test_what_a_relay_abandons_is_due_again_and_its_late_word_does_not_count() -> None:
    post([letter("a")], NOON)

    class Hangs:
        def deliver(self, message: Message) -> None:
            assert claim(["email"], at(1) + LEASE - timedelta(seconds=1)) is None
            assert deliver_next({"email": Memory()}, at(1) + LEASE)
            raise Undeliverable("too late")

    deliver_next({"email": Hangs()}, at(1))
    row = Outgoing.objects.get()
    assert (row.state, row.attempts, row.error) == ("sent", 2, "")


@given(st.integers(1, 1000), st.floats(0, 1))
def test_pauses_are_bounded(attempt: int, chance: float) -> None:
    assert FIRST_PAUSE / 2 <= pause_after(attempt, chance) <= LONGEST_PAUSE
    assert pause_after(attempt, 0) <= pause_after(attempt + 1, 0)


def test_dead_letters_are_listed_and_tried_again(capsys: Any) -> None:
    post([letter("a"), letter("b")], NOON)
    deliver_next({"email": Memory(Undeliverable("550 no such user"))}, at(1))
    call_command("outbox")
    told = capsys.readouterr().out
    assert "a → budi@dishub.example: 550 no such user" in told
    assert "1 waiting, 1 undeliverable" in told
    call_command("outbox", "--retry")
    assert "1 messages will be tried again" in capsys.readouterr().out
    assert Outgoing.objects.filter(state="waiting", attempts=0).count() == 2


def test_contacts(seeded: None, capsys: Any) -> None:
    call_command("contact", "dishub", "budi@dishub.example")
    call_command("contact", "city", "https://city.example/hook")
    told = capsys.readouterr().out
    assert "dishub: email budi@dishub.example from level 1" in told
    assert "city: webhook https://city.example/hook from level 3" in told
    assert "its key: whsec_" in told
    call_command("contact", "dishub", "budi@dishub.example", "--level", "2", "--remove")
    contact = Contact.objects.get(agency="dishub")
    assert (contact.level, contact.active) == (2, False)
    call_command("contact")
    assert "from level 2 (silenced)" in capsys.readouterr().out
    for arguments, reason in (
        (["nobody", "a@b.example"], "no agency 'nobody'"),
        (["dishub", "not an address"], "e-mail|email|surel"),
        (["dishub", "http://example.org/"], "read on the way"),
        (["dishub"], "address is missing"),
        (["dishub", "a@b.example", "--level", "0"], "1"),
    ):
        with pytest.raises(CommandError, match=reason):
            call_command("contact", *arguments)
    assert Contact.objects.count() == 2
