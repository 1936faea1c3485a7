"""How packets reach a client: inside the RTSP connection, or as UDP datagrams."""

import asyncio
import re
import struct
from collections.abc import Callable
from typing import Protocol

# A client that does not read gets nothing more until its backlog is gone; then it starts at a keyframe again.
MAX_BACKLOG_BYTES = 4_000_000
_INTERLEAVED = re.compile(r"interleaved=(\d+)(?:-(\d+))?")
_CLIENT_PORT = re.compile(r"client_port=(\d+)(?:-(\d+))?")


class UnsupportedTransportError(ValueError):
    """The client asked for a way that this server does not offer: answer 461."""


class Transport(Protocol):
    """One client's way for RTP and RTCP."""

    @property
    def header(self) -> str:
        """The value of the Transport header of the answer, without ssrc."""

    def send(self, packet: bytes, *, rtcp: bool = False) -> None:
        """Send or queue a packet; never blocks."""

    def congested(self) -> bool:
        """Whether the client is so far behind that pictures should be dropped."""

    def close(self) -> None:
        """Let go of ports."""


class InterleavedTransport:
    """RTP inside the RTSP connection (RFC 2326, 10.12)."""

    def __init__(self, writer: asyncio.StreamWriter, rtp_channel: int, rtcp_channel: int) -> None:
        self._writer = writer
        self._channels = (rtp_channel, rtcp_channel)
        self.header = f"RTP/AVP/TCP;unicast;interleaved={rtp_channel}-{rtcp_channel}"

    def send(self, packet: bytes, *, rtcp: bool = False) -> None:
        """Send or queue a packet."""
        if not self._writer.is_closing():
            self._writer.write(struct.pack("!cBH", b"$", self._channels[rtcp], len(packet)) + packet)

    def send_raw(self, data: bytes) -> None:
        """Bytes without any framing: only for faults on purpose."""
        if not self._writer.is_closing():
            self._writer.write(data)

    def congested(self) -> bool:
        """Whether more than a few megabytes wait for the client."""
        return self._writer.transport.get_write_buffer_size() > MAX_BACKLOG_BYTES

    def close(self) -> None:
        """The connection belongs to the server, not to this session."""


class UdpTransport:
    """RTP and RTCP from a pair of own ports to the client's pair."""

    def __init__(
        self,
        rtp: asyncio.DatagramTransport,
        rtcp: asyncio.DatagramTransport,
        client: str,
        client_ports: tuple[int, int],
    ) -> None:
        self._sockets = (rtp, rtcp)
        self._targets = tuple((client, port) for port in client_ports)
        own = tuple(socket.get_extra_info("sockname")[1] for socket in self._sockets)
        self.header = f"RTP/AVP;unicast;client_port={client_ports[0]}-{client_ports[1]};server_port={own[0]}-{own[1]}"

    def send(self, packet: bytes, *, rtcp: bool = False) -> None:
        """Send a datagram."""
        if not self._sockets[rtcp].is_closing():
            self._sockets[rtcp].sendto(packet, self._targets[rtcp])

    def congested(self) -> bool:
        """Datagrams do not queue."""
        return False

    def close(self) -> None:
        """Give the ports back."""
        for socket in self._sockets:
            socket.close()


class _Heartbeat(asyncio.DatagramProtocol):
    """Whatever the client sends to our ports (RTCP receiver reports) says that it lives."""

    def __init__(self, on_datagram: Callable[[], None]) -> None:
        self._on_datagram = on_datagram

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 (asyncio's signature)
        self._on_datagram()

    def error_received(self, exc: Exception) -> None:
        """The client's port is closed (ICMP): the session's timeout will end it."""


async def negotiate(wanted: str, writer: asyncio.StreamWriter, on_datagram: Callable[[], None]) -> Transport:
    """Build what the first acceptable alternative of a Transport header asks for.

    Raises:
        UnsupportedTransportError: multicast, or none of the alternatives understood.
    """
    for alternative in wanted.split(","):
        if "multicast" in alternative:
            continue
        if "/TCP" in alternative.upper():
            channels = _pair(_INTERLEAVED, alternative) or (0, 1)
            return InterleavedTransport(writer, *channels)
        ports = _pair(_CLIENT_PORT, alternative)
        if ports:
            return await _open_udp(writer, ports, on_datagram)
    raise UnsupportedTransportError(wanted)


def _pair(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    match = pattern.search(text)
    if not match:
        return None
    first = int(match[1])
    return first, int(match[2]) if match[2] else first + 1


async def _open_udp(
    writer: asyncio.StreamWriter, client_ports: tuple[int, int], on_datagram: Callable[[], None]
) -> UdpTransport:
    own_address = writer.get_extra_info("sockname")[0]
    client_address = writer.get_extra_info("peername")[0]
    rtp, rtcp = await _neighbouring_ports(own_address, on_datagram)
    return UdpTransport(rtp, rtcp, client_address, client_ports)


async def _neighbouring_ports(
    address: str, on_datagram: Callable[[], None]
) -> tuple[asyncio.DatagramTransport, asyncio.DatagramTransport]:
    loop = asyncio.get_running_loop()

    async def bind(port: int) -> asyncio.DatagramTransport:
        transport, _ = await loop.create_datagram_endpoint(lambda: _Heartbeat(on_datagram), local_addr=(address, port))
        return transport

    for _ in range(50):
        rtp = await bind(0)
        port = rtp.get_extra_info("sockname")[1]
        if port % 2 == 0:  # RTP on the even port, RTCP on the one above it (RFC 3550, 11)
            try:
                return rtp, await bind(port + 1)
            except OSError:
                pass
        rtp.close()
    raise UnsupportedTransportError("no two neighbouring UDP ports are free")
