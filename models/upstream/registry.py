"""Which upstream models are known, and by what sum."""

from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from models.card import MAX_BYTES, ModelError, Sha256

REGISTRY = Path(__file__).parent / "registry.yaml"


class Entry(BaseModel):
    """One file of somebody else's release."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(pattern=r"^https?://[^\s?#]+/[A-Za-z0-9_][A-Za-z0-9_.-]*$")
    sha256: Sha256 | None = None
    sha256_unknown: str | None = Field(default=None, min_length=1, description="why no sum can be given")
    bytes: int | None = Field(default=None, gt=0, le=MAX_BYTES)
    licence: str
    what: str

    @model_validator(mode="after")
    def _a_sum_or_the_reason_why_not(self) -> Self:
        if (self.sha256 is None) == (self.sha256_unknown is None):
            raise ValueError("give sha256, or else sha256_unknown with the reason")
        return self

    @property
    def file(self) -> str:
        """Its name, in the release and in a mirror."""
        return self.url.rpartition("/")[2]


_ENTRIES = TypeAdapter(dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")], Entry])


def entry(name: str, registry: Path = REGISTRY) -> Entry:
    """The model of this name.

    Raises:
        ModelError: there is none, or the registry is wrong.
    """
    try:
        entries = _ENTRIES.validate_python(yaml.safe_load(registry.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise ModelError(f"{registry} is not a registry of models: {error}") from error
    if name not in entries:
        raise ModelError(f"no upstream model {name!r} in {registry.name}: it knows {', '.join(sorted(entries))}")
    return entries[name]
