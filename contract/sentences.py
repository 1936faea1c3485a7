"""What is wrong, as a sentence for people and as a code under which others say it in their own language."""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

LONGEST_GIVEN = 120


class Sentence(str):
    """English; `code` names what it says, `given` what was filled in. Without a code it says only itself."""

    __slots__ = ("code", "given")

    code: str
    given: Mapping[str, str]

    def __new__(cls, text: str, code: str = "", given: Mapping[str, Any] | None = None) -> "Sentence":
        """`given` is kept as text, each cut to LONGEST_GIVEN."""
        made = super().__new__(cls, text)
        made.code = code
        made.given = {name: str(value)[:LONGEST_GIVEN] for name, value in (given or {}).items()}
        return made

    @classmethod
    def of(cls, error: Exception) -> "Sentence":
        """What an error says, with its code where it has one (`Unfit`, or anything else with `code` and `given`)."""
        return cls(str(error), getattr(error, "code", ""), getattr(error, "given", None))


class Unfit(ValueError):  # noqa: N818 — what a value is
    """A value that cannot be taken; the text says what to write instead."""

    def __init__(self, text: str, code: str, **given: JsonValue) -> None:
        super().__init__(text)
        self.code = code
        self.given = given
