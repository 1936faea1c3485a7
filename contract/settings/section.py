"""What all sections share: frozen, and strict about keys."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A mapping in the file. A key it does not know is an error: a misspelt threshold must not be ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
