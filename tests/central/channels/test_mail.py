"""E-mail in, over a real SMTP server's pipe and out of a mailbox on a real socket."""

import smtplib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from central.channels import mailbox
from central.channels.mail_in import take_letter
from central.channels.models import Received
from central.complaints.numbers import grouped
from central.evidence.store import store
from central.following.models import Follower
from central.outbox.models import Outgoing
from central.reports import limits
from central.reports.models import Report
from scripts.broker import free_port
from tests.central.channels import imapserver
from tests.central.channels.letters import letter
from tests.central.outbox.mailserver import Postbox, serving
from tests.central.reports.pictures import photo

pytestmark = pytest.mark.django_db

FLOOD = "Banjir selutut!\nLokasi: Jl. Merdeka 5"
ROOT = Path(__file__).resolve().parents[3]


def take(raw: bytes) -> Report | None:
    return take_letter(raw, timezone.now(), store())


def test_a_letter_with_a_photo_becomes_a_report_and_is_answered(seeded: None, settings: Any) -> None:
    raw = letter("Banjir di depan pasar", photos=(photo(at=(-2.1312, 106.1101)),), named="<1@example.org>")
    report = take(raw)
    assert report is not None
    assert (report.kind, report.channel, report.sender) == ("flood", "email", "email:ani@example.org")
    assert (report.lat, report.lon) == pytest.approx((-2.1312, 106.1101), abs=1e-4)
    assert report.photos.count() == 1
    answer = Outgoing.objects.get()
    assert answer.address == "ani@example.org"
    assert grouped(report.tracking) in answer.content["text"]
    assert answer.content["headers"]["In-Reply-To"] == "<1@example.org>"
    follower = Follower.objects.get()
    assert follower.state == "asked", "the sender of a letter can be anybody"
    assert f"/ikuti/{follower.token}/" in answer.content["text"]


def test_the_same_letter_again_changes_nothing(seeded: None) -> None:
    raw = letter(FLOOD)
    assert take(raw) is not None
    assert take(raw) is None
    assert (Report.objects.get().times, Outgoing.objects.count(), Received.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("text", "asks"),
    [("Tolong!", "banjir, macet, parkir liar, PKL"), ("Ada banjir besar sekali", "Di mana tempatnya?")],
)
def test_what_is_missing_is_asked_for(text: str, asks: str, seeded: None) -> None:
    assert take(letter(text)) is None
    assert asks in Outgoing.objects.get().content["text"]


def test_a_photo_that_cannot_be_read_costs_no_report(seeded: None) -> None:
    heic = b"\0\0\0\x18ftypheic" + b"\0" * 6000
    report = take(letter(FLOOD, photos=(heic, photo())))
    assert report is not None
    assert report.photos.count() == 1
    assert "HEIC" in Outgoing.objects.get().content["text"]


def test_machines_are_not_answered(seeded: None) -> None:
    assert take(letter(FLOOD, Auto_Submitted="auto-replied")) is None
    assert not Outgoing.objects.exists()


def test_nobody_is_flooded_with_answers_that_another_caused(seeded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    most = limits.LETTERS_BY_CONTACT.most
    for n in range(most + 3):
        take(letter(f"tolong {n}"))
    assert Outgoing.objects.count() == most


def test_a_contact_that_writes_too_much_is_dropped(seeded: None) -> None:
    for n in range(limits.BY_CONTACT.most + 2):
        take(letter(f"kali ke-{n}\n{FLOOD}"))
    assert Report.objects.get().times == limits.BY_CONTACT.most


def test_stop_ends_all_letters(seeded: None) -> None:
    take(letter(FLOOD))
    Follower.objects.update(state="following")
    take(letter(" BERHENTI "))
    assert Follower.objects.get().state == "stopped"


class Pipe(Postbox):
    """A mail server that hands each letter to what its pipe runs."""

    def __init__(self, run: Callable[[bytes], object]) -> None:
        super().__init__()
        self._run = run

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 — aiosmtpd's name
        import asyncio

        await asyncio.to_thread(self._run, envelope.original_content)
        return "250 taken"


@pytest.mark.django_db(transaction=True)
def test_by_smtp_to_a_real_server(seeded: None) -> None:
    from django.db import connections

    def run(raw: bytes) -> None:
        try:
            take(raw)
        finally:
            connections.close_all()

    with serving(Pipe(run)) as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("ani@example.org", ["lapor@sigap.example"], letter(FLOOD, photos=(photo(),)))
    report = Report.objects.get()
    assert (report.channel, report.address, report.photos.count()) == ("email", "Jl. Merdeka 5", 1)


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> imapserver.Letters:
    monkeypatch.setenv("SIGAP_IMAP_USER", "lapor")
    monkeypatch.setenv("SIGAP_IMAP_PASSWORD", "rahasia sekali")
    return imapserver.Letters(("lapor", "rahasia sekali"))


def test_out_of_a_mailbox(letters: imapserver.Letters, seeded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    letters.raw = {3: letter(FLOOD), 7: letter(FLOOD, sender="budi@example.org")}
    with imapserver.serving(letters) as port:
        monkeypatch.setenv("SIGAP_IMAP_URL", f"imap://127.0.0.1:{port}")
        call_command("read_mail", "--once")
        call_command("read_mail", "--once")
    assert letters.seen == {3, 7}
    assert letters.fetched == ["3", "7"]
    assert Report.objects.count() == 2


def test_a_letter_that_fails_stays_unseen_and_delays_no_other(letters: imapserver.Letters) -> None:
    letters.raw = {1: b"one", 2: b"two"}
    taken = []

    def take_one(raw: bytes) -> None:
        if raw == b"one":
            raise RuntimeError("the database is away")
        taken.append(raw)

    with imapserver.serving(letters) as port:
        read = mailbox.Mailbox("imap", "127.0.0.1", port, *letters.login).read
        assert read(take_one) == 1
        assert (letters.seen, taken) == ({2}, [b"two"])
        assert read(taken.append) == 1
    assert letters.seen == {1, 2}


def test_a_mailbox_that_is_away_or_locked_says_so(
    letters: imapserver.Letters, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setenv("SIGAP_IMAP_URL", f"imap://127.0.0.1:{free_port()}")
    with pytest.raises(CommandError, match="refused"):
        call_command("read_mail", "--once")
    with imapserver.serving(letters) as port:
        monkeypatch.setenv("SIGAP_IMAP_URL", f"imap://127.0.0.1:{port}")
        monkeypatch.setenv("SIGAP_IMAP_PASSWORD", "wrong")
        with pytest.raises(CommandError, match="refused"):
            call_command("read_mail", "--once")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("imap://mail.example", "plain IMAP"),
        ("pop://mail.example", "imaps://HOST"),
        ("imaps://u:p@mail.example", "no login"),
    ],
)
def test_a_mailbox_that_would_not_be_safe_is_refused(
    url: str, says: str, letters: imapserver.Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGAP_IMAP_URL", url)
    with pytest.raises(mailbox.MailboxError, match=says):
        mailbox.from_environment()


@pytest.mark.slow
def test_the_pipe_asks_the_mail_server_to_come_again(tmp_path: Path) -> None:
    """Without a migrated database the letter is kept, with exit status 75."""
    ran = subprocess.run(
        [sys.executable, "-m", "central.cli", "manage", "take_mail"],
        input=letter(FLOOD),
        cwd=ROOT,
        env={"SIGAP_DATA": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 75
