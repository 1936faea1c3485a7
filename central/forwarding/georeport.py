"""A client of GeoReport v2. It speaks XML, because that is what every server must."""

import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from typing import Self
from urllib.parse import quote, urlencode

from central.forwarding.elements import LARGEST, Element, Unreadable, read
from central.open311.documents import moment
from central.outbox.addresses import checked_url
from central.outbox.opener import TIMEOUT_S, opener
from central.security import secrets


class Refused(Exception):  # noqa: N818 — what it is
    """The server said no; `status` is its HTTP status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"HTTP {status}: {text}" if text else f"HTTP {status}")
        self.status = status


class Unreachable(Exception):  # noqa: N818 — what it is
    """It did not answer, or nothing that can be read."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a posted request is known by: an id, or a token until there is one."""

    request_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Seen:
    """How a request stands there."""

    request_id: str
    status: str
    status_notes: str
    description: str


@dataclass(frozen=True, slots=True)
class GeoReport:
    """One server."""

    endpoint: str
    jurisdiction: str = ""
    key: str = field(default="", repr=False)

    @classmethod
    def of(cls, endpoint: str, jurisdiction: str, key_name: str) -> Self:
        """With the key that the environment has under this name.

        Raises:
            Unreachable: it cannot be read.
        """
        try:
            key = secrets.from_environment(key_name) if key_name else ""
        except secrets.SecretError as error:
            raise Unreachable(str(error)) from error
        if key is None:
            raise Unreachable(f"{key_name} and {key_name}_FILE are not set")
        return cls(endpoint.rstrip("/"), jurisdiction, key)

    def post(self, fields: Mapping[str, str]) -> Receipt:
        """Reports something.

        Raises:
            Refused, Unreachable: nothing can be said of whether it was taken when it is Unreachable.
        """
        given = {"api_key": self.key, "jurisdiction_id": self.jurisdiction} | fields
        body = urlencode({name: value for name, value in given.items() if value}).encode()
        request = next(self._call("requests.xml", body=body).all("request"), Element(""))
        receipt = Receipt(request.value("service_request_id"), request.value("token"))
        if not receipt.request_id and not receipt.token:
            raise Unreachable("neither a service_request_id nor a token came back")
        return receipt

    def id_behind(self, token: str) -> str:
        """The id; empty while there is none yet.

        Raises:
            Refused, Unreachable.
        """
        found = self._call(f"tokens/{quote(token, safe='')}.xml")
        return next(found.all("request"), Element("")).value("service_request_id")

    def requests(self, ids: Iterable[str]) -> list[Seen]:
        """Those it knows.

        Raises:
            Refused, Unreachable.
        """
        return _seen(self._call("requests.xml", {"service_request_id": ",".join(ids)}))

    def request(self, request_id: str) -> list[Seen]:
        """One, or none.

        Raises:
            Refused, Unreachable.
        """
        return _seen(self._call(f"requests/{quote(request_id, safe='')}.xml"))

    def since(self, service_code: str, start: datetime) -> list[Seen]:
        """All of a service that came in since then.

        Raises:
            Refused, Unreachable.
        """
        return _seen(self._call("requests.xml", {"service_code": service_code, "start_date": str(moment(start))}))

    def _call(self, path: str, query: Mapping[str, str] | None = None, body: bytes | None = None) -> Element:
        given = dict(query or {}) | ({"jurisdiction_id": self.jurisdiction} if self.jurisdiction else {})
        asked = f"?{urlencode(given)}" if given and body is None else ""
        headers = {"User-Agent": "Sigap", "Accept": "text/xml, application/xml"}
        try:
            address = checked_url(f"{self.endpoint}/{path}{asked}")
            request = urllib.request.Request(address, body, headers)  # noqa: S310 — checked
            with _OPENER.open(request, timeout=TIMEOUT_S) as response:
                return read(response.read(LARGEST + 1))
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, _told(error.read(64 * 1024))) from error
        except (OSError, HTTPException, ValueError) as error:  # Unreadable is a ValueError
            raise Unreachable(str(error)) from error


def _seen(root: Element) -> list[Seen]:
    return [
        Seen(
            request.value("service_request_id"),
            request.value("status").lower(),
            request.value("status_notes"),
            request.value("description"),
        )
        for request in root.all("request")
    ]


def _told(content: bytes) -> str:
    """The descriptions of a GeoReport error; nothing of any other body, which may be a page."""
    try:
        return "; ".join(error.value("description") for error in read(content).all("error"))[:200]
    except Unreadable:
        return ""


_OPENER = opener()
