"""The session description (RFC 4566) that a DESCRIBE is answered with."""

from base64 import b64encode

from scripts.rtsp_server.source import Clip

PAYLOAD_TYPE = 96
CLOCK_HZ = 90_000
TRACK = "track1"


def describe(name: str, clip: Clip, address: str) -> str:
    """SDP for one video track; `address` is the server's, as the client reached it."""
    encoding = "H264" if clip.codec == "h264" else "H265"
    lines = [
        "v=0",
        f"o=- 1 1 IN IP4 {address}",
        f"s={name}",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=range:npt=now-",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} {encoding}/{CLOCK_HZ}",
        f"a=fmtp:{PAYLOAD_TYPE} {_format_parameters(clip)}",
        f"a=framerate:{clip.fps:.3f}",
        f"a=control:{TRACK}",
    ]
    return "\r\n".join(lines) + "\r\n"


def _format_parameters(clip: Clip) -> str:
    encoded = [b64encode(nal).decode("ascii") for nal in clip.parameter_sets]
    if clip.codec == "h264":
        sps = clip.parameter_sets[0]
        profile = sps[1:4].hex().upper()
        return f"packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={','.join(encoded)}"
    vps, sps_text, pps = encoded
    return f"sprop-vps={vps};sprop-sps={sps_text};sprop-pps={pps}"
