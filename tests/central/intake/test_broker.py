"""Which broker, as whom."""

import pytest

from central.intake.broker import BrokerError, from_environment, is_loopback


def test_default_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIGAP_MQTT_URL", raising=False)
    broker = from_environment()
    assert (broker.host, broker.port, broker.tls) == ("127.0.0.1", 1883, False)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mqtt://broker.example", "mqtts://"),
        ("mqtt://10.0.0.7:1883", "can be read on the way"),
        ("http://127.0.0.1", "expected mqtt://"),
        ("mqtts://", "expected mqtt://"),
        ("mqtts://u:geheim@broker.example", "no login in the address"),
    ],
)
def test_addresses_that_are_refused(monkeypatch: pytest.MonkeyPatch, url: str, told: str) -> None:
    monkeypatch.setenv("SIGAP_MQTT_URL", url)
    with pytest.raises(BrokerError, match=told) as refused:
        from_environment()
    assert "geheim" not in str(refused.value)


def test_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGAP_MQTT_URL", "mqtts://broker.example")
    monkeypatch.setenv("SIGAP_MQTT_PASSWORD", "geheim")
    broker = from_environment()
    assert broker.port == 8883
    assert "geheim" not in f"{broker} {broker!r}"


@pytest.mark.parametrize(
    ("host", "here"), [("127.0.0.9", True), ("::1", True), ("[::1]", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_loopback(host: str, here: bool) -> None:
    assert is_loopback(host) == here
