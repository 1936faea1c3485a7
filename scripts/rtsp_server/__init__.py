"""A small live RTSP server for demonstrations and tests: MP4 files in an endless loop, as if they were cameras.

    python -m scripts.rtsp_server --port 8554 --auth viewer:secret north=north.mp4 south=south.mp4

It speaks RTSP 1.0 (RFC 2326) with RTP over TCP (interleaved) or UDP unicast, H.264 (RFC 6184) and H.265 (RFC 7798),
Digest and on request Basic login, and sends RTCP sender reports. It is a simulator and no security component: it
listens on loopback unless told otherwise, and it can misbehave on demand (`trouble`), as the tests of the box want.
"""

from scripts.rtsp_server.background import BackgroundRtspServer
from scripts.rtsp_server.digest import Credentials
from scripts.rtsp_server.server import RtspServer
from scripts.rtsp_server.trouble import Trouble

__all__ = ["BackgroundRtspServer", "Credentials", "RtspServer", "Trouble"]
