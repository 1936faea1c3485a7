"""What is asked about a service beside place and words.

Nothing of it is required: a citizen in the rain has other worries.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from central.incidents.kinds import Kind
from central.open311.documents import NOT_XML
from central.open311.faults import Fault, wrong

PREFIX = "attribute["
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Attribute:
    """One question. `values` are the choices of a list: key and what people read."""

    code: str
    datatype: str
    description: Promise
    hint: Promise | str = ""
    values: tuple[tuple[str, Promise], ...] = ()

    def read(self, given: Sequence[str]) -> Any:
        """The checked value, for JSON.

        Raises:
            Fault: naming the attribute's code.
        """
        if self.datatype != "multivaluelist" and len(given) > 1:
            raise wrong(f"attribute {self.code}", "takes one value")
        known = {key for key, _name in self.values}
        if self.values and not set(given) <= known:
            raise wrong(f"attribute {self.code}", f"one of {', '.join(key for key, _name in self.values)}")
        if self.datatype == "multivaluelist":
            return sorted(set(given))
        return self._number(given[0]) if self.datatype == "number" else given[0]

    def document(self, order: int) -> dict[str, Any]:
        """As the service definition has it."""
        told: dict[str, Any] = {
            "variable": True,
            "code": self.code,
            "datatype": self.datatype,
            "required": False,
            "datatype_description": str(self.hint) or None,
            "order": order,
            "description": str(self.description),
        }
        if self.values:
            told["values"] = [{"key": key, "name": str(name)} for key, name in self.values]
        return told

    def _number(self, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not isfinite(number) or not 0 <= number <= 10_000:
            raise wrong(f"attribute {self.code}", "a number from 0 to 10000")
        return number


ATTRIBUTES: dict[str, tuple[Attribute, ...]] = {
    Kind.FLOOD.value: (
        Attribute(
            "depth",
            "singlevaluelist",
            _("How deep is the water?"),
            values=(
                ("0-10", _("under 10 cm: wet")),
                ("10-30", _("10 to 30 cm: passable with care")),
                ("30-70", _("30 to 70 cm: cars stop")),
                ("70-150", _("70 to 150 cm")),
                (">150", _("over 150 cm")),
            ),
        ),
    ),
    Kind.PARKING.value: (
        Attribute(
            "vehicle",
            "multivaluelist",
            _("What stands there?"),
            values=(
                ("motorcycle", _("motorcycle")),
                ("car", _("car")),
                ("bus", _("bus")),
                ("truck", _("truck")),
            ),
        ),
    ),
    Kind.VENDING.value: (Attribute("stalls", "number", _("How many stalls or carts?")),),
}
"""By service code; the depth classes are those of the cameras."""


def of_service(code: str) -> tuple[Attribute, ...]:
    """In the order in which they are asked."""
    return ATTRIBUTES.get(code, ())


def posted(form: Mapping[str, Sequence[str]], service: str) -> Iterator[tuple[str, Any] | Fault]:
    """Each `attribute[CODE]` of a form (lists also as `attribute[CODE][]`): code and value, or what is wrong."""
    known = {attribute.code: attribute for attribute in of_service(service)}
    for name, values in form.items():
        if not name.startswith(PREFIX):
            continue
        code = name.removeprefix(PREFIX).partition("]")[0]
        given = [cleaned for value in values if (cleaned := NOT_XML.sub("", value).strip()[:LONGEST])]
        if not given:  # a form that was left empty
            continue
        if code not in known:
            yield wrong(f"attribute {code[:40]}", f"service {service} has no such attribute")
            continue
        try:
            yield code, known[code].read(given)
        except Fault as fault:
            yield fault
