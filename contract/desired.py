"""`desired`: what the centre wants a box to look for, whole, under a number.

The centre counts its versions; the box takes whatever came last, so an older version sent again is an undo. A version
that does not hold is refused as a whole, with every fault named, and the box goes on with what it has.
"""

import json
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationError

from contract.ids import CameraId, Name
from contract.sentences import LONGEST_GIVEN, Sentence
from contract.settings.camera import CameraSettings, digest_of
from contract.settings.explaining import Place, dotted, explain
from contract.settings.permits import DesiredPermit
from contract.settings.section import Section
from contract.wire import Instant, Wire

MAX_DESIRED_BYTES = 512 * 1024
MAX_FAULTS = 40
"""So many are told at once; who has more begins with these."""

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Fault(Wire):
    """One thing to mend: where in the document, and what is wrong with it and how to put it right."""

    place: Annotated[str, StringConstraints(max_length=200)]
    text: Annotated[str, StringConstraints(max_length=400)]
    code: Annotated[str, StringConstraints(max_length=60)] = ""
    """What the text says, for whoever says it in another language; empty where only the text says it."""
    given: Annotated[dict[str, Annotated[str, StringConstraints(max_length=LONGEST_GIVEN)]], Field(max_length=20)] = {}
    """What is filled in there."""

    @classmethod
    def at(cls, place: Place, text: str) -> Self:
        """Cut to what fits; of a Sentence its code, too."""
        sentence = text if isinstance(text, Sentence) else Sentence(text)
        return cls(place=dotted(place)[:200], text=text[:400], code=sentence.code, given=dict(sentence.given))


class Refusal(Wire):
    """Which version a box would not take, and why. `version` is missing where not even that could be read."""

    version: Version | None = None
    faults: Annotated[tuple[Fault, ...], Field(min_length=1, max_length=MAX_FAULTS)]


class DesiredError(ValueError):
    """A document that does not hold; `refusal` says why."""

    def __init__(self, version: int | None, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.text}" for fault in faults))
        self.refusal = Refusal(version=version, faults=tuple(faults[:MAX_FAULTS]))


class ModelNames(Section):
    """Networks by the names of `sigap-models list`; what is left out stays as the box's file has it."""

    street: Annotated[Name | None, Field(title="Street", description="Detector of vehicles and people.")] = None
    water: Annotated[Name | None, Field(title="Water", description="Network of water.")] = None


class Desired(Wire):
    """A camera that is named is looked at as it says here, and no other way; one that is not, as in the box's file."""

    version: Version
    made: Instant
    cameras: Annotated[dict[CameraId, CameraSettings], Field(max_length=500)] = {}
    permits: Annotated[tuple[DesiredPermit, ...], Field(max_length=2000)] = ()
    models: ModelNames = ModelNames()

    def to_bytes(self) -> bytes:
        """Without what is left at its default, so that a box which does not know a newer field is not asked to."""
        return self.model_dump_json(exclude_defaults=True).encode()

    def permits_digest(self) -> str:
        """Twelve digits that two sides can compare."""
        return digest_of([permit.model_dump(mode="json", exclude_defaults=True) for permit in self.permits])


def read_desired(payload: bytes) -> Desired:
    """The document.

    Raises:
        DesiredError: too large, not JSON, or not such a document; with every fault.
    """
    if len(payload) > MAX_DESIRED_BYTES:
        text = f"{len(payload)} bytes; a box takes at most {MAX_DESIRED_BYTES}"
        raise DesiredError(None, [Fault.at((), text)])
    try:
        values = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise DesiredError(None, [Fault.at((), f"not JSON: {error}")]) from error
    try:
        return Desired.model_validate(values)
    except ValidationError as error:
        given = values.get("version") if isinstance(values, dict) else None
        version = given if isinstance(given, int) and 1 <= given < 2**31 else None
        faults = [Fault.at(*explain(Desired, detail)) for detail in error.errors()]
        raise DesiredError(version, faults) from error
