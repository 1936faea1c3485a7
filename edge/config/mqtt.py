"""`mqtt:` — how to reach the centre's broker."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from contract.settings.quantities import Duration
from contract.settings.section import Section

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class MqttSection(Section):
    """The broker and the box's certificate for it."""

    url: Annotated[str, Field(title="URL", description="mqtts://host:8883; mqtt:// only on this machine.")]
    ca: Annotated[Path | None, Field(title="CA", description="Certificate that signed the broker's.")] = None
    cert: Annotated[Path | None, Field(title="Certificate", description="The box's own; CN = box id.")] = None
    key: Annotated[Path | None, Field(title="Key", description="The certificate's private key.")] = None
    heartbeat: Annotated[Duration, Field(title="Heartbeat", description="Time between status messages.", ge=1)] = 10.0
    resend_after: Annotated[
        Duration, Field(title="Resend after", description="No ack of the centre for so long: send again.", ge=1)
    ] = 30.0

    @field_validator("url")
    @classmethod
    def _is_broker_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise ValueError("expected mqtts://host:port (or mqtt://127.0.0.1:port on this machine)")
        if parts.username or parts.password:
            raise ValueError("a box logs in with its certificate: take the login out and give ca, cert and key")
        if parts.scheme == "mqtt" and parts.hostname not in LOOPBACK:
            raise ValueError(f"mqtt:// to {parts.hostname} would travel in clear: use mqtts:// with ca, cert and key")
        return url

    @model_validator(mode="after")
    def _has_all_of_tls(self) -> Self:
        if self.url.startswith("mqtts:"):
            missing = [name for name in ("ca", "cert", "key") if getattr(self, name) is None]
            if missing:
                raise ValueError(f"mqtts:// needs {', '.join(missing)} too")
        return self
