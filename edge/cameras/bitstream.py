"""Just enough of H.264 and H.265 to see whether a packet holds a picture or only parameter sets."""


def has_picture(codec: str, data: bytes) -> bool:
    """Whether there is a coded slice in this byte stream with start codes (Annex B); other codecs always have one."""
    if codec not in ("h264", "hevc"):
        return True
    position = data.find(b"\x00\x00\x01")
    if position < 0:
        return True  # cut or broken: the decoder will judge
    while 0 <= position < len(data) - 3:
        header = data[position + 3]
        # Slices: types 1 to 5 of H.264 (ITU-T H.264, table 7-1), 0 to 31 of H.265 (ITU-T H.265, table 7-1).
        if (1 <= header & 0x1F <= 5) if codec == "h264" else ((header >> 1) & 0x3F <= 31):
            return True
        position = data.find(b"\x00\x00\x01", position + 3)
    return False
