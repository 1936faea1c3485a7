"""What pydantic found, told to the person who must mend it: where, what, and how."""

import difflib
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from contract.ids import NAME_PATTERN, NAME_RULE
from contract.sentences import Sentence

Place = tuple[str | int, ...]
"""Keys and indices from the top of a document to a value."""
LONGEST_QUOTE = 60


def dotted(place: Sequence[str | int]) -> str:
    """A place as people write it: cameras.a.zones.b.points[2]."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def explain(model: type[BaseModel], detail: Any) -> tuple[Place, Sentence]:
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
        under = ".".join(map(str, place[:-1])) or "the file"
        return place, Sentence(f"is missing; add {place[-1]}: under {under}", "missing", {"key": place[-1]})
    if kind == "string_pattern_mismatch" and detail.get("ctx", {}).get("pattern") == NAME_PATTERN:
        name = detail["input"]
        return place, Sentence(f"{name!r} cannot be a name: use {NAME_RULE}", "name", {"name": name})
    is_quoted = not (isinstance(detail["input"], dict | list) or "url" in place)
    found = repr(detail["input"])[:LONGEST_QUOTE] if is_quoted else ""
    code, given = _coded(detail)
    quoted = f" (found {found})" if found else ""
    return place, Sentence(f"{text[:1].lower()}{text[1:]}{quoted}", code, given | {"found": found})


def _coded(detail: Any) -> tuple[str, dict[str, Any]]:
    """Of a rule of ours its own code; of pydantic's the name it has there."""
    context = detail.get("ctx", {})
    if isinstance(error := context.get("error"), Exception):
        return Sentence.of(error).code, dict(Sentence.of(error).given)
    return f"value.{detail['type']}", {name: value for name, value in context.items() if name != "error"}


def _unknown_key(model: type[BaseModel], place: Place) -> Sentence:
    name = str(place[-1])
    known = _keys_at(model, place[:-1])
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return Sentence(f"unknown key; did you mean {near[0]}?", "key.near", {"near": near[0]})
    listed = ", ".join(sorted(known))
    return Sentence(f"unknown key; known here: {listed}", "key.unknown", {"known": listed})


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
