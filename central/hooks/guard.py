"""Calls to addresses that others chose: never to this machine or the networks behind it, unless a setting says so.

What is checked is what is connected to: the name is resolved once, and the connection goes to the checked address.
"""

import http.client
import socket
import urllib.request
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from central.outbox.addresses import checked_url
from central.outbox.opener import opener

Network = IPv4Network | IPv6Network
LONGEST = 300
TUNNELS = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"), ip_network("2001::/32"))
"""IPv6 addresses that lead to an IPv4 address within them."""


class Forbidden(OSError):  # noqa: N818 — what it is
    """Not an address to send to."""


def is_allowed(address: IPv4Address | IPv6Address, inside: Sequence[Network]) -> bool:
    """Whether something may be sent there; `inside` are the networks that were allowed beside the internet."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in inside):
        return True
    if any(address in tunnel for tunnel in TUNNELS):
        return False
    return address.is_global and not address.is_multicast


def checked_target(url: str) -> str:
    """The address itself; what it resolves to is checked again whenever something is sent.

    Raises:
        ValueError: it is none, or leads inside.
    """
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"expected https://HOST/PATH of at most {LONGEST} ASCII characters")
    parts = urlsplit(checked_url(url))
    try:
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        _resolved(str(parts.hostname), port)
    except Forbidden as error:
        raise ValueError(str(error)) from error
    except (OSError, UnicodeError) as error:
        raise ValueError(f"{parts.hostname} cannot be found") from error
    return url


def guarded_opener() -> urllib.request.OpenerDirector:
    """Without a proxy: it would resolve names anew, where nobody checks."""
    return opener(_Http(), _Https())


def _resolved(host: str, port: int) -> list[tuple[Any, ...]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for _family, _kind, _protocol, _name, target in found:
        if not is_allowed(ip_address(str(target[0]).partition("%")[0]), settings.WEBHOOK_NETWORKS):
            raise Forbidden(f"{host} leads to {target[0]}, inside our networks (SIGAP_WEBHOOK_NETWORKS allows some)")
    return found


def _connect(address: tuple[str, int], timeout: Any, source: Any = None) -> socket.socket:
    """As socket.create_connection, to checked addresses only."""
    failure: OSError = OSError("no address")
    for family, kind, protocol, _name, target in _resolved(*address):
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(timeout)
            if source:
                connection.bind(source)
            connection.connect(target)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


class _HttpConnection(http.client.HTTPConnection):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._create_connection = _connect


class _HttpsConnection(http.client.HTTPSConnection):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._create_connection = _connect


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_HttpConnection, req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_HttpsConnection, req, context=self._context)  # type: ignore[attr-defined]
