"""The XML of GeoReport, read without what makes XML dangerous: no document type, hence no entities, and an end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

LARGEST = 4 * 1024 * 1024
DEEPEST = 20


class Unreadable(ValueError):  # noqa: N818 — what it is
    """Not XML that GeoReport would send."""


@dataclass(slots=True)
class Element:
    """One element; attributes mean nothing in GeoReport."""

    name: str
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> Iterator["Element"]:
        """Children of that name."""
        return (child for child in self.children if child.name == name)

    def value(self, name: str) -> str:
        """Text of the first child of that name; empty where there is none."""
        return next((child.text.strip() for child in self.all(name)), "")


def read(content: bytes) -> Element:
    """The root.

    Raises:
        Unreadable: not well-formed, with a document type, too large or too deep.
    """
    if len(content) > LARGEST:
        raise Unreadable(f"more than {LARGEST} bytes")
    top = Element("")
    stack = [top]

    def begin(name: str, _attributes: dict[str, str]) -> None:
        if len(stack) > DEEPEST:
            raise Unreadable("too deep")
        element = Element(name)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_name: str) -> None:
        stack.pop()

    def text(data: str) -> None:
        stack[-1].text += data

    def refuse(*_what: object) -> None:
        raise Unreadable("a document type")

    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except ExpatError as error:
        raise Unreadable(str(error)) from error
    return top.children[0]
