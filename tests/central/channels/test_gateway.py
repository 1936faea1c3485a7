"""Gateways for short messages: signed in, signed out, and the reference adapter between Kannel and a real centre."""

import base64
import json
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from central.channels.models import Gateway
from central.complaints.numbers import grouped
from central.following.models import Follower
from central.outbox.delivering import deliver_next
from central.outbox.models import Outgoing
from central.outbox.webhook import Webhooks, receiver_key, shown, signed
from central.reports.models import Report
from scripts.kannel_gateway import Adapter, key_of, server_of
from tests.central.reports.pictures import photo

OUT = "https://sms.example/out"
FLOOD = {"sender": "+6281234567890", "text": "Banjir di depan pasar", "lat": -2.1312, "lon": 106.1101}


@pytest.fixture
def gateway(seeded: None) -> Gateway:
    return Gateway.objects.create(name="sms", address=OUT)


def hand_in(said: Any, settings: Any, message_id: str = "m1", ago_s: float = 0, address: str = OUT, **more: str) -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    moment = timezone.now() - timedelta(seconds=ago_s)
    headers = signed(receiver_key(settings.WEBHOOK_SECRET, address), message_id, moment, body) | more
    return Client().post("/gateway/sms/", body, content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_a_message_becomes_a_report_is_answered_and_followed(gateway: Gateway, settings: Any) -> None:
    small = base64.b64encode(photo(size=(320, 240))).decode()
    response = hand_in(FLOOD | {"photos": [small]}, settings)
    report = Report.objects.get()
    assert response.status_code == 202
    assert response.json() == {"report": grouped(report.tracking)}
    assert (report.kind, report.channel, report.sender) == ("flood", "gateway", "sms:+6281234567890")
    assert report.photos.count() == 1
    answer = Outgoing.objects.get()
    assert (answer.channel, answer.address) == ("webhook", OUT)
    assert answer.content["to"] == "+6281234567890"
    assert grouped(report.tracking) in answer.content["text"]
    assert Follower.objects.get().state == "following", "the gateway vouches for the number"


@pytest.mark.django_db
def test_handed_in_again_it_changes_nothing(gateway: Gateway, settings: Any) -> None:
    assert hand_in(FLOOD, settings).json()["report"] is not None
    assert hand_in(FLOOD, settings).json()["report"] is None
    assert hand_in(FLOOD, settings, "m2").json()["report"] is not None
    assert Report.objects.get().times == 2
    assert Outgoing.objects.count() == 1, "answered once"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more",
    [
        {"ago_s": 301},
        {"ago_s": -310},
        {"address": "https://other.example/out"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "soon"},
        {"webhook-id": ""},
    ],
    ids=str,
)
def test_what_is_not_signed_is_refused(more: dict[str, Any], gateway: Gateway, settings: Any) -> None:
    assert hand_in(FLOOD, settings, **more).status_code == 403
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_a_gateway_that_was_silenced_is_none(gateway: Gateway, settings: Any) -> None:
    call_command("gateway", "sms", "--remove", stdout=StringIO())
    assert hand_in(FLOOD, settings).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "says"),
    [
        (b"{", "body"),
        ([], "body"),
        ({"text": "banjir"}, "sender"),
        (FLOOD | {"lat": 91}, "lat"),
        (FLOOD | {"lon": None}, "together"),
        (FLOOD | {"photos": ["ä"]}, "photos"),
        (FLOOD | {"photos": [""] * 4}, "photos"),
        (FLOOD | {"kind": "flood"}, "kind"),
    ],
    ids=str,
)
def test_a_wrong_document_is_told_where(said: Any, says: str, gateway: Gateway, settings: Any) -> None:
    response = hand_in(said, settings)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert says in response.json()["detail"]


@pytest.mark.django_db
def test_the_command_prints_the_key(db: None, settings: Any) -> None:
    out = StringIO()
    call_command("gateway", "whatsapp", OUT, stdout=out)
    assert shown(receiver_key(settings.WEBHOOK_SECRET, OUT)) in out.getvalue()
    assert "/gateway/whatsapp/" in out.getvalue()
    for name, address in (("WhatsApp", OUT), ("email", OUT), ("sms", "http://sms.example/"), ("sms", "")):
        with pytest.raises(CommandError):
            call_command("gateway", name, address, stdout=StringIO())


@contextmanager
def kannel() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """Kannel's sendsms: its address, and what it was given."""
    sent: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent.append(urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"http://127.0.0.1:{port}/cgi-bin/sendsms?username=u&password=p", sent


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.django_db(transaction=True)
def test_an_sms_through_the_reference_adapter(live_server: Any, seeded: None, settings: Any) -> None:
    adapter = Adapter(f"{live_server.url}/gateway/sms/", "", b"")
    with kannel() as (address, sent), running(server_of(adapter, 0)) as port:
        out = StringIO()
        call_command("gateway", "sms", f"http://127.0.0.1:{port}/out", stdout=out)
        adapter.kannel, adapter.key = address, key_of(out.getvalue().rpartition("its key: ")[2])
        text = "Banjir selutut, Lokasi: Jl. Merdeka 5"
        query = urllib.parse.urlencode({"id": "4711", "from": "+6281234567890", "text": text})
        for _ in range(2):  # Kannel asks again when our answer is lost
            urllib.request.urlopen(f"http://127.0.0.1:{port}/in?{query}", timeout=20).close()
        report = Report.objects.get()
        assert (report.times, report.address) == (1, "Jl. Merdeka 5")
        carriers = {"webhook": Webhooks(settings.WEBHOOK_SECRET)}
        assert deliver_next(carriers, timezone.now())
        Outgoing.objects.update(state="waiting", next_attempt=timezone.now())  # as if the answer had been lost
        assert deliver_next(carriers, timezone.now())
        assert Outgoing.objects.get().state == "sent"
    assert len(sent) == 1
    assert sent[0]["to"] == ["+6281234567890"]
    assert grouped(report.tracking) in sent[0]["text"][0]


def test_the_adapter_believes_nobody_else() -> None:
    adapter = Adapter("", "http://127.0.0.1:9/", b"k" * 32)
    now = int(time.time())
    theirs = Adapter("", "", b"x" * 32)._signed("m", now, b"{}")
    assert adapter.hand_out(theirs, b"{}") == 401
    assert adapter.hand_out(adapter._signed("m", now - 301, b"{}"), b"{}") == 401
    assert adapter.hand_out({}, b"{}") == 401
    said = b'{"to": "+62", "text": "x"}'
    assert adapter.hand_out(adapter._signed("m", now, said), said) == 503, "Kannel is away: come again"
