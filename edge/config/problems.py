"""What is wrong in a file, for the person who must mend it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where, what, and how."""

    file: Path
    line: int
    key: str
    text: str
    warning: bool = False

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {'warning: ' if self.warning else ''}{self.key + ': ' if self.key else ''}{self.text}"


class ConfigError(ValueError):
    """The file cannot be used; `problems` says why, all at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
