"""What may be served where."""

from pathlib import Path

import pytest

from central.serving import Listening, RefusedToServe


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_nothing(host: str) -> None:
    Listening(host, 8080).check()


def test_other_hosts_need_tls_or_a_proxy(tmp_path: Path) -> None:
    with pytest.raises(RefusedToServe, match="--tls-cert"):
        Listening("0.0.0.0", 8080).check()
    Listening("0.0.0.0", 8080, trusted_proxy="10.0.0.1").check()
    cert, key = tmp_path / "c.pem", tmp_path / "k.pem"
    with pytest.raises(RefusedToServe, match="no such file"):
        Listening("0.0.0.0", 8080, cert, key).check()
    cert.touch()
    key.touch()
    Listening("0.0.0.0", 8080, cert, key).check()
    with pytest.raises(RefusedToServe, match="go together"):
        Listening("0.0.0.0", 8080, cert).check()
