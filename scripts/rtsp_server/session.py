"""One client watching one source."""

import secrets
import time

from scripts.rtsp_server.rtp import MAX_PAYLOAD_BYTES, RtpStream
from scripts.rtsp_server.source import LiveSource, LiveUnit
from scripts.rtsp_server.transport import InterleavedTransport, Transport
from scripts.rtsp_server.trouble import Trouble, noise, scramble

SENDER_REPORT_EVERY_S = 5.0


class Session:
    """Set up, playing or paused; starts at a keyframe, and again at a keyframe after falling behind."""

    def __init__(self, source: LiveSource) -> None:
        self.id = secrets.token_hex(8)
        self.source = source
        self.rtp = RtpStream()
        self.last_sign_of_life_s = time.monotonic()
        self._transport: Transport | None = None
        self._in_sync = False
        self._last_report_s = 0.0

    def attach(self, transport: Transport) -> str:
        """Use this way; returns the Transport header of the answer."""
        self._transport = transport
        return f"{transport.header};ssrc={self.rtp.ssrc:08X}"

    def keep_alive(self) -> None:
        """The client gave a sign of life."""
        self.last_sign_of_life_s = time.monotonic()

    def silent_for_s(self) -> float:
        """How long the client has been quiet."""
        return time.monotonic() - self.last_sign_of_life_s

    def play(self) -> None:
        """Pictures flow from the next keyframe on."""
        self._in_sync = False
        self.source.subscribe(self._push)

    def pause(self) -> None:
        """No pictures until play."""
        self.source.unsubscribe(self._push)

    def close(self) -> None:
        """The end of this session."""
        self.pause()
        if self._transport:
            self._transport.close()

    def _push(self, live: LiveUnit) -> None:
        if self._transport is None or self.source.trouble is Trouble.HANG:
            return
        if self.source.trouble is Trouble.NOISE:
            self._send_noise()
            return
        if self._transport.congested():
            self._in_sync = False
            return
        if live.unit.keyframe and self.source.trouble is not Trouble.NO_KEYFRAMES:
            self._in_sync = True
        elif not self._in_sync or live.unit.keyframe:
            return
        self._send_picture(self._transport, live)

    def _send_picture(self, transport: Transport, live: LiveUnit) -> None:
        clip = self.source.clip
        nals = live.unit.nals
        if self.source.trouble is Trouble.BROKEN_PICTURES:
            nals = tuple(map(scramble, nals))
        if live.unit.keyframe:  # parameter sets also in the stream: a client may have missed those of the SDP
            nals = clip.parameter_sets + nals
        for packet in self.rtp.packetise(nals, clip.codec, live.show_s):
            transport.send(packet)
        if live.wall_s - self._last_report_s > SENDER_REPORT_EVERY_S:
            self._last_report_s = live.wall_s
            transport.send(self.rtp.sender_report(live.show_s, live.wall_s), rtcp=True)

    def _send_noise(self) -> None:
        assert self._transport is not None
        if isinstance(self._transport, InterleavedTransport):
            self._transport.send_raw(noise(MAX_PAYLOAD_BYTES))
        else:
            self._transport.send(noise(MAX_PAYLOAD_BYTES))
