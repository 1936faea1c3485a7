"""Webhooks to a real HTTP server."""

import json

import pytest

from central.outbox.carriers import Message, NotNow, Undeliverable
from central.outbox.webhook import Webhooks, receiver_key, shown, signed
from scripts.broker import free_port
from tests.central.moments import NOON
from tests.central.outbox.hookserver import Receiver, receiving

HOOKS = Webhooks("the centre's secret", clock=lambda: NOON)


def test_body_is_signed_with_the_receivers_own_key() -> None:
    receiver = Receiver()
    with receiving(receiver) as address:
        message = Message("k1", address, {"aduan": "Banjir — segera"})
        HOOKS.deliver(message)
        HOOKS.deliver(message)
    (headers, body), (again, _body) = receiver.taken
    assert json.loads(body) == {"aduan": "Banjir — segera"}
    assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert headers["webhook-id"] == again["webhook-id"] == str(message.id)
    assert receiver.accepts(receiver_key(HOOKS.secret, address))
    assert not receiver.accepts(receiver_key(HOOKS.secret, f"{address}/other"))
    assert not receiver.accepts(receiver_key("another secret", address))


def test_the_example_of_the_standard() -> None:
    """Key, id, timestamp, body and signature as standardwebhooks.com and its libraries' tests have them."""
    import base64
    from datetime import UTC, datetime

    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed(
        key, "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), b'{"test": 2432232314}'
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert shown(key) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize(
    ("status", "raised"),
    [(400, Undeliverable), (404, Undeliverable), (410, Undeliverable), (429, NotNow), (500, NotNow), (503, NotNow)],
)
def test_refusals_for_good_and_for_now(status: int, raised: type[Exception]) -> None:
    receiver = Receiver()
    receiver.status = status
    with receiving(receiver) as address, pytest.raises(raised, match=str(status)):
        HOOKS.deliver(Message("k", address, {}))


def test_redirects_are_not_followed() -> None:
    receiver, elsewhere = Receiver(), Receiver()
    with receiving(receiver) as address, receiving(elsewhere) as other:
        receiver.status, receiver.location = 307, other
        with pytest.raises(Undeliverable, match="307"):
            HOOKS.deliver(Message("k", address, {}))
    assert not elsewhere.taken


def test_nobody_there() -> None:
    with pytest.raises(NotNow, match="refused"):
        HOOKS.deliver(Message("k", f"http://127.0.0.1:{free_port()}/", {}))


@pytest.mark.parametrize(
    "address", ["http://example.org/", "ftp://127.0.0.1/", "file:///etc/passwd", "https://a:b@example.org/", "x"]
)
def test_addresses_nothing_is_sent_to(address: str) -> None:
    with pytest.raises(Undeliverable):
        HOOKS.deliver(Message("k", address, {}))


def test_secret_is_not_shown() -> None:
    assert HOOKS.secret not in repr(HOOKS)
