"""What can be wrong with a camera's stream, each with the sentence that an operator reads."""

from enum import StrEnum


class Fault(StrEnum):
    """Why a camera does not stream."""

    UNREACHABLE = "unreachable"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 (a name, no password)
    UNKNOWN_PATH = "unknown_path"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    END_OF_STREAM = "end_of_stream"
    INVALID_DATA = "invalid_data"
    CODEC_NOT_ALLOWED = "codec_not_allowed"
    NO_VIDEO = "no_video"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    INTERNAL = "internal"


_SENTENCES: dict[Fault, str] = {
    Fault.UNREACHABLE: "nothing answers at {where}: check its power, its network and the address in inputs.url",
    Fault.WRONG_PASSWORD: "{where} refused the login: check user and password in inputs.url",
    Fault.UNKNOWN_PATH: "{where} has no such stream: check the path in inputs.url against the camera's manual",
    Fault.REFUSED: "{where} refused to play: it may be busy, or not offer this transport",
    Fault.TIMEOUT: "{where} went silent: the camera or the network hangs",
    Fault.END_OF_STREAM: "{where} ended the stream: the camera or its recorder closed the connection",
    Fault.INVALID_DATA: "{where} sent data that is no video: a broken link, or another service on that port",
    Fault.CODEC_NOT_ALLOWED: "{where} sends a codec that is not allowed: set the camera to H.264, H.265 or MJPEG",
    Fault.NO_VIDEO: "{where} has no video in its stream: choose another stream of the camera",
    Fault.ADDRESS_NOT_ALLOWED: "{where} is not an address for a camera: write rtsp://host/path or rtsps://host/path",
    Fault.INTERNAL: "the box itself failed on {where}; please report this",
}


class CameraError(Exception):
    """A stream cannot be opened or went bad. The text holds no credentials and says what to do.

    Attributes:
        fault: which kind.
    """

    def __init__(self, fault: Fault, where: str, detail: str = "") -> None:
        """`where` (the camera's address) and `detail` must be free of credentials (`edge.cameras.urls.redact`)."""
        self.fault = fault
        sentence = _SENTENCES[fault].format(where=where)
        super().__init__(f"{sentence} ({detail})" if detail else sentence)
