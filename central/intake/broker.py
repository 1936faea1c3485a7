"""Which broker, as whom: SIGAP_MQTT_URL and its companions.

| variable | meaning | default |
|---|---|---|
| SIGAP_MQTT_URL | mqtt://HOST:PORT (loopback only) or mqtts://HOST:PORT | mqtt://127.0.0.1:1883 |
| SIGAP_MQTT_CA, SIGAP_MQTT_CERT, SIGAP_MQTT_KEY | PEM files for mqtts | the system's authorities, no certificate |
| SIGAP_MQTT_USER, SIGAP_MQTT_PASSWORD, …_FILE | login, where the broker wants one | none |
| SIGAP_MQTT_CLIENT | prefix of the client ids; each intake worker needs its own | sigap-central |
"""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from central.security import secrets
from central.security.loopback import is_loopback

DEFAULT_URL = "mqtt://127.0.0.1:1883"


class BrokerError(ValueError):
    """The broker's settings do not hold; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and how to log in."""

    host: str
    port: int
    tls: bool = False
    ca: str | None = None
    cert: str | None = None
    key: str | None = None
    user: str | None = None
    password: str | None = None
    client: str = "sigap-central"

    def __str__(self) -> str:
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"Broker({self})"


def from_environment() -> Broker:
    """Reads the variables above.

    Raises:
        BrokerError: not a broker's address, or plain MQTT to another machine.
    """
    url = os.environ.get("SIGAP_MQTT_URL", DEFAULT_URL)
    parts = urlsplit(url)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise BrokerError(
            f"SIGAP_MQTT_URL: expected mqtt://HOST:PORT or mqtts://HOST:PORT, got scheme {parts.scheme!r}"
        )
    if parts.username or parts.password:
        raise BrokerError("SIGAP_MQTT_URL: no login in the address; use SIGAP_MQTT_USER and SIGAP_MQTT_PASSWORD_FILE")
    tls = parts.scheme == "mqtts"
    if not tls and not is_loopback(parts.hostname):
        raise BrokerError(f"SIGAP_MQTT_URL: plain MQTT to {parts.hostname} can be read on the way; use mqtts://")
    return Broker(
        host=parts.hostname,
        port=parts.port or (8883 if tls else 1883),
        tls=tls,
        ca=os.environ.get("SIGAP_MQTT_CA"),
        cert=os.environ.get("SIGAP_MQTT_CERT"),
        key=os.environ.get("SIGAP_MQTT_KEY"),
        user=os.environ.get("SIGAP_MQTT_USER"),
        password=secrets.from_environment("SIGAP_MQTT_PASSWORD"),
        client=os.environ.get("SIGAP_MQTT_CLIENT", "sigap-central"),
    )
