"""The protocol's documents as XML and as JSON, from the same nested dictionaries and lists."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

CONTENT_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}

CHILDREN = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
"""What the children of a list are called in XML; JSON has an array there, whatever its length."""

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry in any form."""


def rendered(form: str, root: str, value: Any) -> bytes:
    """UTF-8. `root` names the document in XML; JSON is the value itself."""
    if form == "json":
        return json.dumps(value, ensure_ascii=False).encode()
    element = Element(root)
    _fill(element, value)
    return tostring(element, encoding="utf-8", xml_declaration=True, short_empty_elements=True)


def moment(time: datetime | None) -> str | None:
    """ISO 8601 in UTC, to the second: YYYY-MM-DDTHH:MM:SSZ."""
    return None if time is None else time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _fill(SubElement(element, name), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            _fill(SubElement(element, CHILDREN[element.tag]), inner)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None and value != "":
        element.text = NOT_XML.sub("", str(value))
