"""What pydantic found, told to the person who must mend it: where, what, and how."""

import difflib
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from contract.ids import NAME_PATTERN, NAME_RULE

Place = tuple[str | int, ...]
"""Keys and indices from the top of a document to a value."""
LONGEST_QUOTE = 60


def dotted(place: Sequence[str | int]) -> str:
    """A place as people write it: cameras.a.zones.b.points[2]."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def explain(model: type[BaseModel], detail: Any) -> tuple[Place, str]:
    """The place of one error and a sentence with its remedy.

    Args:
        model: what the document was read as; its keys are proposed for a misspelt one.
        detail: of `ValidationError.errors()`.
    """
    place: Place = tuple(part for part in detail["loc"] if part != "[key]")
    kind, text = detail["type"], detail["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        return place, _unknown_key(model, place)
    if kind == "missing":
        return place, f"is missing; add {place[-1]}: under {'.'.join(map(str, place[:-1])) or 'the file'}"
    if kind == "string_pattern_mismatch" and detail.get("ctx", {}).get("pattern") == NAME_PATTERN:
        return place, f"{detail['input']!r} cannot be a name: use {NAME_RULE}"
    found = repr(detail["input"])
    quoted = "" if isinstance(detail["input"], dict | list) or "url" in place else f" (found {found[:LONGEST_QUOTE]})"
    return place, f"{text[:1].lower()}{text[1:]}{quoted}"


def _unknown_key(model: type[BaseModel], place: Place) -> str:
    name = str(place[-1])
    known = _keys_at(model, place[:-1])
    near = difflib.get_close_matches(name, known, n=1)
    remedy = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known))}"
    return f"unknown key; {remedy}"


def _keys_at(model: type[BaseModel], place: Place) -> list[str]:
    schema = model.model_json_schema()
    node: dict[str, Any] = schema
    for part in place:
        node = _follow(node, schema)
        node = (
            node.get("items", {}) if isinstance(part, int) else node.get("properties", {}).get(part) or _value_of(node)
        )
    return list(_follow(node, schema).get("properties", {}))


def _value_of(node: dict[str, Any]) -> dict[str, Any]:
    patterns: dict[str, Any] = node.get("patternProperties", {})
    return next(iter(patterns.values()), node.get("additionalProperties") or {})


def _follow(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    for option in node.get("anyOf", ()):
        if "$ref" in option:
            node = option
    if "$ref" in node:
        found: dict[str, Any] = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        return found
    return node
