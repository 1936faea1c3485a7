"""`text__words=("sudirman", "derek")`: rows whose text has all of these words.

PostgreSQL looks into its full text index (configuration `simple`: no language's endings are cut, for streets and notes
mix Indonesian, English and names); SQLite compares text, anywhere in it. `text__words_read` gives the same rows, but
reads each one: for whoever has made them few by other means.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Lookup, TextField

WORD = re.compile(r"[^\W_]+")
BEGINNING = 4
"""So many letters of a word say which one is meant; the beginnings of shorter ones are those of half of all words."""


def text_of(place: str, notes: Iterable[str] = ()) -> str:
    """What is looked through: the place's name in words, and the notes as they are."""
    return " ".join([*WORD.findall(place), *notes])


@TextField.register_lookup
class HasWords(Lookup):
    """The right side is a tuple of words of letters and digits only, at least one."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Every word somewhere in it."""
        left, params = self.process_lhs(compiler, connection)
        each = f"LOWER({left}) LIKE %s"
        sql = " AND ".join([each] * len(self.rhs))
        return f"({sql})", [part for word in self.rhs for part in (*params, f"%{word.lower()}%")]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """As a migration indexes it."""
        left, params = self.process_lhs(compiler, connection)
        return f"to_tsvector('simple', {left}) @@ to_tsquery('simple', %s)", [
            *params,
            " & ".join(map(self.term, self.rhs)),
        ]

    def term(self, word: str) -> str:
        """One word of the query."""
        return word


@TextField.register_lookup
class HasBeginnings(HasWords):
    """The same of words that begin so."""

    lookup_name = "beginnings"

    def term(self, word: str) -> str:
        """A short word stands for itself."""
        return f"{word}:*" if len(word) >= BEGINNING else word


@TextField.register_lookup
class HasWordsRead(HasWords):
    """The same without the index."""

    lookup_name = "words_read"

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Taking a text apart costs twenty times what looking for letters in it does, so that comes first; no index has
        COALESCE. In the collation C, only A to Z have small letters, and they have them at once."""
        left, params = self.process_lhs(compiler, connection)
        letters = [word for word in self.rhs if word.isascii()]
        compared = [f'LOWER({left} COLLATE "C") LIKE %s'] * len(letters)
        exact, exactly = super().as_postgresql(compiler, connection)
        said = [part for word in letters for part in (*params, f"%{word.lower()}%")]
        return " AND ".join([*compared, f"COALESCE({exact}, FALSE)"]), [*said, *exactly]
