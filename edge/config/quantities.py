"""Quantities that only a box's file has: 20GB."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from contract.settings.quantities import quantity

_BYTES = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def parse_size_bytes(text: object) -> int:
    """Bytes of a size with its unit.

    Raises:
        ValueError: no number, no unit, or another unit.
    """
    return round(quantity(text, _BYTES, "20GB"))


Size = Annotated[int, BeforeValidator(parse_size_bytes), Field(gt=0)]
"""Bytes."""
