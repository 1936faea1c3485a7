"""Just enough of H.264 and H.265 to see where pictures begin: libav's packets do not always hold one each."""

from enum import Enum, auto

_START_CODE = b"\x00\x00\x01"


class Content(Enum):
    """What a packet of a byte stream begins with."""

    PICTURE = auto()
    REST_OF_PICTURE = auto()
    PARAMETERS = auto()


def content(codec: str, data: bytes) -> Content:
    """Look at the first coded slice in a byte stream with start codes (Annex B).

    Parameter sets may come in a packet of their own; and a camera that repeats them before every slice of a keyframe
    makes libav cut that picture into several packets. Other codecs than H.264 and H.265 have a picture in every packet.
    """
    if codec not in ("h264", "hevc"):
        return Content.PICTURE
    header_bytes = 1 if codec == "h264" else 2
    position = data.find(_START_CODE)
    if position < 0:
        return Content.PICTURE  # cut or broken: the decoder will judge
    while 0 <= position < len(data) - 3 - header_bytes:
        header = data[position + 3]
        # Slices: types 1 to 5 of H.264 (ITU-T H.264, table 7-1), 0 to 31 of H.265 (ITU-T H.265, table 7-1).
        if (1 <= header & 0x1F <= 5) if codec == "h264" else ((header >> 1) & 0x3F <= 31):
            # first_mb_in_slice = 0 is coded as a single 1 bit; first_slice_segment_in_pic_flag is that bit itself.
            begins = data[position + 3 + header_bytes] & 0x80
            return Content.PICTURE if begins else Content.REST_OF_PICTURE
        position = data.find(_START_CODE, position + 3)
    return Content.PARAMETERS
