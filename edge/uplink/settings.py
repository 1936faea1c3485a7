"""Where the broker is and how the box proves who it is."""

import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

_PORTS = {"mqtt": 1883, "mqtts": 8883}


class UplinkSettingsError(ValueError):
    """The broker's settings cannot be used; the text says what to change."""


@dataclass(frozen=True, slots=True)
class UplinkSettings:
    """Made with `parse`. Neither password nor key appears in its repr or in `where`.

    Attributes:
        ca: certificates to trust, PEM; None = those of the system.
        cert, key: the box's certificate and private key, PEM.
        keep_alive_s: a hung connection is noticed after one and a half of these.
        reconnect_min_s, reconnect_max_s: pause before the second try; it doubles with each further one, up to the
            maximum, less a random part so that boxes do not come back all at once.
    """

    host: str
    port: int
    tls: bool
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None
    keep_alive_s: int = 20
    reconnect_min_s: float = 1.0
    reconnect_max_s: float = 60.0

    @classmethod
    def parse(cls, url: str, ca: Path | None = None, cert: Path | None = None, key: Path | None = None) -> Self:
        """Reads mqtt://host[:port] (loopback only) or mqtts://[user:password@]host[:port].

        Raises:
            UplinkSettingsError: not such an address, plain text beyond loopback, or certificate files that do not fit.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise UplinkSettingsError(f"mqtt.url is no address ({error}); write mqtts://broker.example:8883") from error
        if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise UplinkSettingsError("mqtt.url must read mqtts://host:port (or mqtt:// to this machine itself)")
        tls = parts.scheme == "mqtts"
        if not tls and not _is_loopback(parts.hostname):
            raise UplinkSettingsError(
                f"mqtt.url sends what the cameras see to {parts.hostname} unencrypted; use mqtts:// with ca, cert and "
                "key, or mqtt:// to a broker on this machine"
            )
        if not tls and (ca or cert or key):
            raise UplinkSettingsError("mqtt.ca, cert and key need mqtts:// in mqtt.url")
        if (cert is None) != (key is None):
            raise UplinkSettingsError("mqtt.cert and mqtt.key belong together; give both")
        settings = cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            tls=tls,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            ca=ca,
            cert=cert,
            key=key,
        )
        if tls:
            settings.tls_context()
        return settings

    @property
    def where(self) -> str:
        """For logs: no credentials."""
        return f"{self.host}:{self.port}"

    def tls_context(self) -> ssl.SSLContext:
        """TLS 1.2 or newer, the broker's name checked. Reads the files, so that renewed ones count from the next
        connection.

        Raises:
            UplinkSettingsError: a file is missing, unreadable or damaged, or the key is not the certificate's.
        """
        context = self._trusting()
        if self.cert is not None and self.key is not None:
            try:
                context.load_cert_chain(self.cert, self.key, password=_no_password)
            except ssl.SSLError as error:
                raise UplinkSettingsError(
                    f"mqtt.cert {self.cert} and mqtt.key {self.key} are not a PEM certificate and its own unencrypted "
                    f"key ({error.reason or error})"
                ) from error
            except OSError as error:
                raise UplinkSettingsError(
                    f"mqtt.cert {self.cert} or mqtt.key {self.key} cannot be read: {error.strerror}"
                ) from error
        return context

    def _trusting(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self.ca)
        except ssl.SSLError as error:
            raise UplinkSettingsError(f"mqtt.ca {self.ca} holds no PEM certificate") from error
        except OSError as error:
            raise UplinkSettingsError(f"mqtt.ca {self.ca} cannot be read: {error.strerror}") from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _no_password() -> str:
    """Keeps OpenSSL from asking on the terminal."""
    return ""
