"""Masked stills and clips: the bytes by their sha256, and the signed statements that name them."""
