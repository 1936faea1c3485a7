"""What a CRM means: GeoReport knows open and closed; everything finer stands in free words."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any


class Meaning(StrEnum):
    """What follows for our complaint."""

    NOTHING = "nothing"
    COORDINATED = "coordinated"
    STARTED = "started"
    DONE = "done"
    """A claim: a camera or an operator looks before it turns green."""
    REJECTED = "rejected"
    NOT_THEIRS = "not_theirs"
    UNCLEAR = "unclear"
    """A person must read it."""


Rule = tuple[str, str, Meaning]
"""Status, regular expression in its notes (case does not matter), meaning."""

RULES: tuple[Rule, ...] = (
    ("open", r"koordinasi|coordinat", Meaning.COORDINATED),
    ("open", r"disposisi|proses|dikerjakan|ditangani|verifi|progress|assigned|started|working", Meaning.STARTED),
    (
        "closed",
        r"bukan (ke)?wenangan|salah (instansi|opd)|wrong (agency|department)|not responsible",
        Meaning.NOT_THEIRS,
    ),
    ("closed", r"\btolak|ditolak|tidak valid|reject|invalid|no violation", Meaning.REJECTED),
    ("closed", r"belum selesai|tidak selesai|not (yet )?(done|fixed|resolved|solved)|unresolved", Meaning.UNCLEAR),
    ("closed", r"selesai|tuntas|sudah ditangani|done|resolved|fixed|solved|complete", Meaning.DONE),
)
"""The first that matches decides; negations stand before what they negate."""


def meaning(status: str, notes: str, rules: Sequence[Sequence[str]] = ()) -> Meaning:
    """By the CRM's own rules first, then by ours.

    Closed without a word is done: that is what GeoReport says of it. Closed with words that nobody foresaw is unclear.
    """
    for of_status, pattern, meant in (*rules, *RULES):
        if of_status == status and re.search(pattern, notes, re.IGNORECASE):
            return Meaning(meant)
    if status == "open":
        return Meaning.NOTHING
    return Meaning.DONE if status == "closed" and not notes.strip() else Meaning.UNCLEAR


def faults_of_rules(rules: Any) -> Iterator[str]:
    """Why a list of rules does not hold; nothing when it does."""
    if not isinstance(rules, list):
        yield "expected a list of [status, regular expression, meaning]"
        return
    for rule in rules:
        if not (isinstance(rule, list | tuple) and len(rule) == 3 and all(isinstance(part, str) for part in rule)):
            yield f"expected [status, regular expression, meaning], got {rule!r}"
            continue
        status, pattern, meant = rule
        if status not in {"open", "closed"}:
            yield f"{status!r}: a status is open or closed"
        if meant not in set(Meaning):
            yield f"{meant!r}: a meaning is one of {', '.join(Meaning)}"
        try:
            re.compile(pattern)
        except re.error as error:
            yield f"{pattern!r}: {error}"
