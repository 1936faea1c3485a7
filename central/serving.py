"""May these pages be served on that host, and how: refuses what would send a login in the clear."""

from dataclasses import dataclass
from pathlib import Path

from central.security.loopback import is_loopback


class RefusedToServe(ValueError):  # noqa: N818 — what the operator of the machine is told
    """Serving so would not be safe; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where and how the pages are offered."""

    host: str
    port: int
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxy: str = ""

    @property
    def has_tls(self) -> bool:
        """Own certificate."""
        return self.tls_cert is not None and self.tls_key is not None

    def check(self) -> None:
        """Raises RefusedToServe unless the host is loopback, or TLS ends here or at a trusted proxy."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise RefusedToServe("--tls-cert and --tls-key go together")
        for file in (self.tls_cert, self.tls_key):
            if file is not None and not file.is_file():
                raise RefusedToServe(f"{file}: no such file")
        if not (is_loopback(self.host) or self.has_tls or self.trusted_proxy):
            raise RefusedToServe(
                f"--host {self.host} can be reached from other machines, and logins would travel in the clear. Give "
                "--tls-cert and --tls-key, or put a TLS proxy in front and name its address in SIGAP_TRUSTED_PROXY"
            )
