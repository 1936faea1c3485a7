"""What is read in a letter, and which letters are left unanswered."""

from email import message_from_bytes, policy

import pytest

from central.channels.letter import MAX_BYTES, NotForUs, Ours, heard_in, text_of
from tests.central.channels.letters import letter
from tests.central.reports.pictures import photo

OURS = Ours("Sigap <sigap@city.example>")


def test_sender_text_subject_and_photos() -> None:
    heard = heard_in(letter("selutut", subject="Banjir  di pasar", photos=(photo(), photo())), OURS)
    assert (heard.via, heard.sender, heard.text, heard.subject) == (
        "email",
        "ani@example.org",
        "selutut",
        "Banjir di pasar",
    )
    assert heard.photos == [photo(), photo()]


def test_the_same_letter_has_the_same_key_and_another_has_not() -> None:
    first, again = (heard_in(letter("a", named="<1@x>"), OURS) for _ in range(2))
    assert first.key == again.key != heard_in(letter("a", named="<2@x>"), OURS).key


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Banjir\n> kata Anda tadi\nlagi", "Banjir"),
        ("Banjir\n-- \nAni, 0812", "Banjir"),
        ("Banjir\n\nPada 2 Maret Sigap menulis:\nlama", "Banjir"),
        ("Banjir\n-----Original Message-----\nlama", "Banjir"),
    ],
)
def test_what_it_answers_and_signatures_are_left_out(written: str, kept: str) -> None:
    assert heard_in(letter(written), OURS).text == kept


def test_html_alone_is_read_too() -> None:
    raw = (
        b"From: a@example.org\r\nContent-Type: text/html; charset=x-unknown\r\n\r\n"
        b"<style>p {}</style><p>Banjir &amp; macet</p><br>Jl. Merdeka<script>alert(1)</script>"
    )
    written = message_from_bytes(raw, policy=policy.default)
    assert text_of(written).split() == ["Banjir", "&", "macet", "Jl.", "Merdeka"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "raw",
    [
        letter("x", sender="sigap@CITY.example"),
        letter("x", sender="MAILER-DAEMON@example.org"),
        letter("x", sender="no-reply@shop.example"),
        letter("x", sender="nobody"),
        letter("x", Auto_Submitted="auto-replied"),
        letter("x", Precedence="bulk"),
        letter("x", List_Id="<news.example>"),
        letter("x", Return_Path="<>"),
        b"",
        b"\xff" * (MAX_BYTES + 1),
    ],
    ids=["ours", "bounce", "no-reply", "no address", "automatic", "bulk", "list", "null sender", "empty", "too large"],
)
def test_nobody_waits_for_an_answer(raw: bytes) -> None:
    with pytest.raises(NotForUs):
        heard_in(raw, OURS)
