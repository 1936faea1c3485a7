"""RTSP requests and responses as text (RFC 2326), and the interleaved frames between them."""

import asyncio
import struct
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
}
MAX_BODY_BYTES = 65_536


class BadRequestError(ValueError):
    """The client sent something that is no RTSP."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are lower case."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def mount(self) -> str:
        """The first part of the path: which source is meant."""
        return urlsplit(self.url).path.strip("/").split("/")[0]

    @property
    def session(self) -> str:
        """The session id without its parameters, or an empty string."""
        return self.headers.get("session", "").split(";")[0].strip()


@dataclass(frozen=True, slots=True)
class InterleavedFrame:
    """RTP or RTCP that the client sent inside the RTSP connection: it only says that the client lives."""

    channel: int


async def read_message(reader: asyncio.StreamReader) -> Request | InterleavedFrame:
    """The next thing from the client.

    Raises:
        BadRequestError: not RTSP.
        asyncio.IncompleteReadError: the connection ended.
    """
    first = await reader.readexactly(1)
    if first == b"$":
        channel, length = struct.unpack("!BH", await reader.readexactly(3))
        await reader.readexactly(length)
        return InterleavedFrame(channel)
    try:
        head = first + await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise BadRequestError("a request without an end") from error
    request = parse_request(head.decode("latin-1"))
    length_text = request.headers.get("content-length", "0")
    if not length_text.isdecimal() or int(length_text) > MAX_BODY_BYTES:
        raise BadRequestError(f"Content-Length {length_text!r}")
    await reader.readexactly(int(length_text))
    return request


def parse_request(head: str) -> Request:
    """A request from its text up to the empty line.

    Raises:
        BadRequestError: the first line is not `METHOD url RTSP/1.0`.
    """
    first, *rest = head.strip().split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not parts[2].startswith("RTSP/1."):
        raise BadRequestError(f"not an RTSP request line: {first[:80]!r}")
    pairs = (line.split(":", 1) for line in rest if ":" in line)
    return Request(parts[0].upper(), parts[1], {name.strip().lower(): value.strip() for name, value in pairs})


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. `headers` is a list because a 401 may carry several challenges."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    def encode(self, cseq: str) -> bytes:
        """The bytes on the wire, answering the request with this CSeq."""
        headers = [("CSeq", cseq), ("Server", "sigap-simulator"), *self.headers]
        if self.body:
            headers.append(("Content-Length", str(len(self.body.encode()))))
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        return f"RTSP/1.0 {self.status} {_REASONS[self.status]}\r\n{head}\r\n{self.body}".encode()
