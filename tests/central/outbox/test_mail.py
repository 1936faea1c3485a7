"""E-mail through a real SMTP server."""

import ssl
from pathlib import Path

import pytest

from central.outbox.carriers import Message, NotNow, Undeliverable
from central.outbox.mail import MailError, MailServer, from_environment
from scripts.broker import free_port
from tests.central.outbox.mailserver import Postbox, serving
from tests.certificates import Authority

LETTER = Message("k1", "budi@dishub.example", {"subject": "Aduan · jatuh tempo", "text": "Banjir — segera.\n"})


def server(port: int, **more: str) -> MailServer:
    given: dict[str, object] = {"scheme": "smtp", "sender": "Sigap <sigap@city.example>", **more}
    return MailServer(host="127.0.0.1", port=port, **given)  # type: ignore[arg-type]


def test_a_letter_arrives_as_it_was_written() -> None:
    postbox = Postbox()
    with serving(postbox) as port:
        server(port).deliver(LETTER)
        server(port).deliver(LETTER)
    first, again = postbox.letters
    assert (first["To"], first["From"]) == ("budi@dishub.example", "Sigap <sigap@city.example>")
    assert first["Subject"] == "Aduan · jatuh tempo"
    assert first.get_content().splitlines() == ["Banjir — segera."]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"] == again["Message-ID"] == f"<{LETTER.id}@city.example>"


@pytest.mark.parametrize(
    ("rcpt", "answer", "raised", "told"),
    [
        ("550 no such user", "250 taken", Undeliverable, "550 no such user"),
        ("451 greylisted", "250 taken", NotNow, "451 greylisted"),
        ("250 fine", "554 looks like spam", Undeliverable, "554 looks like spam"),
        ("250 fine", "452 disk full", NotNow, "452 disk full"),
    ],
)
def test_refusals_for_good_and_for_now(rcpt: str, answer: str, raised: type[Exception], told: str) -> None:
    postbox = Postbox()
    postbox.answer = answer
    if not rcpt.startswith("250"):
        postbox.refusals[LETTER.address] = rcpt
    with serving(postbox) as port, pytest.raises(raised, match=told):
        server(port).deliver(LETTER)
    assert not postbox.letters


def test_nobody_there() -> None:
    with pytest.raises(NotNow, match=r"127\.0\.0\.1"):
        server(free_port()).deliver(LETTER)


def test_starttls_with_login(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ca")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("mail"))
    postbox = Postbox()
    starttls = {"scheme": "smtp+starttls", "ca": str(authority.ca), "user": "sigap"}
    with serving(postbox, ("sigap", "geheim"), tls_context=context, require_starttls=True) as port:
        server(port, **starttls, password="geheim").deliver(LETTER)
        assert postbox.encrypted == [True]
        with pytest.raises(NotNow, match="535") as refused:
            server(port, **starttls, password="falsch").deliver(LETTER)
        assert "falsch" not in str(refused.value)
        with pytest.raises(NotNow, match="certificate"):
            server(port, **starttls | {"ca": str(Authority(tmp_path / "other").ca)}, password="geheim").deliver(LETTER)
    assert len(postbox.letters) == 1


def test_a_server_without_starttls_gets_no_letter() -> None:
    postbox = Postbox()
    with serving(postbox) as port, pytest.raises(NotNow, match="STARTTLS"):
        server(port, scheme="smtp+starttls").deliver(LETTER)
    assert not postbox.letters


def test_no_header_is_smuggled_in() -> None:
    letter = Message("k", "a@b.example", {"subject": "x\nBcc: everybody@example.org", "text": ""})
    with serving(Postbox()) as port, pytest.raises(ValueError, match="linefeed"):
        server(port).deliver(letter)


def test_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SIGAP_SMTP_URL", raising=False)
    assert from_environment() is None
    (tmp_path / "password").write_text("geheim\n")
    monkeypatch.setenv("SIGAP_SMTP_URL", "smtps://mail.example")
    monkeypatch.setenv("SIGAP_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("SIGAP_MAIL_FROM", "sigap@city.example")
    found = from_environment()
    assert found is not None
    assert (str(found), found.password) == ("smtps://mail.example:465", "geheim")
    assert "geheim" not in repr(found)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://mail.example", "can be read on the way"),
        ("mail.example", "expected smtps://"),
        ("smtps://sigap:geheim@mail.example", "no login in the address"),
    ],
)
def test_settings_that_are_refused(url: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGAP_SMTP_URL", url)
    with pytest.raises(MailError, match=told) as refused:
        from_environment()
    assert "geheim" not in str(refused.value)


def test_sender_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGAP_SMTP_URL", "smtps://mail.example")
    monkeypatch.setenv("SIGAP_MAIL_FROM", "Sigap")
    with pytest.raises(MailError, match="is no address"):
        from_environment()
