"""How a value of the contract reads and writes itself."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, PlainSerializer


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _to_milliseconds(moment: datetime) -> datetime:
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


Instant = Annotated[
    AwareDatetime, AfterValidator(_to_milliseconds), PlainSerializer(_iso, return_type=str, when_used="json")
]
"""A moment with its zone, cut to milliseconds when it is made, so that writing and reading give the same value."""


class Wire(BaseModel):
    """Base of everything sent. Frozen; fields a newer peer added are passed over, so that boxes and the centre can be
    updated one after the other; a missing or malformed field is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        validate_default=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )

    def to_bytes(self) -> bytes:
        """UTF-8 JSON without the fields that say nothing (None)."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        """Raises pydantic.ValidationError when the payload is not JSON or does not fit the type."""
        return cls.model_validate_json(payload)
