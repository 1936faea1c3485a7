"""`field__words=("sudirman", "uta")`: rows in which a word begins with each of these.

PostgreSQL looks into its full text index (configuration `simple`: no language's endings are cut, for streets and notes
mix Indonesian, English and names); SQLite compares text, anywhere in it.
"""

from typing import Any

from django.db.models import CharField, Lookup, TextField


@CharField.register_lookup
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
        """As migration 0005 indexes it."""
        left, params = self.process_lhs(compiler, connection)
        return (
            f"to_tsvector('simple', {left}) @@ to_tsquery('simple', %s)",
            [*params, " & ".join(f"{word}:*" for word in self.rhs)],
        )
