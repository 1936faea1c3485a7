"""What boxes and their rules say is wrong, in the reader's language: by its code, never by its sentence."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contract.desired import Fault
from contract.sentences import Sentence

SAID: Mapping[str, Promise] = {
    "missing": gettext_lazy("“%(key)s” is missing."),
    "key.near": gettext_lazy("This is not known; “%(near)s” perhaps?"),
    "key.unknown": gettext_lazy("This is not known; known here: %(known)s."),
    "name": gettext_lazy("“%(name)s” cannot be a name: a to z, 0 to 9, _ and -, at most 40 characters."),
    "purpose": gettext_lazy("This camera may not serve the purpose %(purpose)s: only its box’s own file can allow it."),
    "zone.unknown": gettext_lazy("This camera has no zone “%(zone)s”; it has: %(known)s."),
    "zone.none": gettext_lazy("This camera has no zone “%(zone)s”, and no other: draw one."),
    "zone.kind": gettext_lazy("Zone “%(zone)s” is of the kind %(is)s; needed is %(needs)s."),
    "zone.shape": gettext_lazy("An area has 3 to %(most)s corners."),
    "zone.outside": gettext_lazy("Corner %(point)s lies outside the picture."),
    "zone.equal": gettext_lazy("Corner %(point)s and the next one are the same: remove one."),
    "zone.cross": gettext_lazy(
        "The edges after corner %(one)s and after corner %(other)s cross or touch: pull one away."
    ),
    "zone.line": gettext_lazy("The outline encloses no area: its corners lie on one line."),
    "fit.few": gettext_lazy("%(count)s points: at least four are needed, better six to ten."),
    "fit.many": gettext_lazy("%(count)s points: %(most)s are enough."),
    "fit.outside": gettext_lazy("Point %(point)s lies outside the picture."),
    "fit.beyond_lens": gettext_lazy("Point %(point)s lies beyond what this lens can show."),
    "fit.line_in_picture": gettext_lazy(
        "%(count)s of %(all)s points lie on one line in the picture: add points beside it, such as on the other kerb."
    ),
    "fit.line_on_ground": gettext_lazy(
        "%(count)s of %(all)s points lie on one line on the ground: add points beside it, such as on the other kerb."
    ),
    "fit.disagree": gettext_lazy(
        "Only %(count)s of %(all)s points agree within %(metres)s m: is each at its own place on the map?"
    ),
    "fit.folded": gettext_lazy(
        "No camera can see the points in this arrangement: check their order, and that none is above the horizon."
    ),
    "fit.mirrored": gettext_lazy(
        "The points are mirrored between picture and map: are latitude and longitude swapped?"
    ),
    "fit.none": gettext_lazy("No plane fits these points: check that each stands at its own place on the map."),
    "fit.flat": gettext_lazy("The calibration cannot be used: fit it again from points that span an area."),
    "fit.mixed": gettext_lazy("Some points are in metres and others on the map: give all of them the same way."),
    "quantity": gettext_lazy("Write a number and a unit (%(units)s), for example %(example)s."),
    "time_zone": gettext_lazy("There is no such time zone; write for example Asia/Jakarta (WIB)."),
    "hours.none": gettext_lazy("There are no hours; write for example %(example)s."),
    "hours.no_times": gettext_lazy("There are no times after the days; write for example %(example)s."),
    "hours.word": gettext_lazy("“%(word)s” is neither a day (Mon … Sun) nor times; write for example %(example)s."),
    "hours.time": gettext_lazy("“%(word)s” is no time of day; a day runs from 00:00 to 24:00."),
    "hours.empty": gettext_lazy("“%(word)s” begins and ends at once; write 00:00-24:00 for the whole day."),
    "depth_classes": gettext_lazy("The bounds of depth must rise, from above 0: for example 10, 30, 70, 150."),
    "valid_to": gettext_lazy("The last day %(last)s lies before the first %(first)s."),
    "value.greater_than": gettext_lazy("Must be more than %(gt)s."),
    "value.greater_than_equal": gettext_lazy("Must be at least %(ge)s."),
    "value.less_than": gettext_lazy("Must be less than %(lt)s."),
    "value.less_than_equal": gettext_lazy("Must be at most %(le)s."),
    "value.too_short": gettext_lazy("Needs at least %(min_length)s."),
    "value.too_long": gettext_lazy("At most %(max_length)s are taken."),
    "value.string_too_long": gettext_lazy("At most %(max_length)s characters."),
    "value.enum": gettext_lazy("Must be one of: %(expected)s."),
    "value.literal_error": gettext_lazy("Must be one of: %(expected)s."),
    "value.float_parsing": gettext_lazy("Must be a number."),
    "value.float_type": gettext_lazy("Must be a number."),
    "value.finite_number": gettext_lazy("Must be a number."),
    "value.int_parsing": gettext_lazy("Must be a whole number."),
    "value.int_type": gettext_lazy("Must be a whole number."),
    "value.int_from_float": gettext_lazy("Must be a whole number."),
    "value.bool_type": gettext_lazy("Must be yes or no."),
    "value.bool_parsing": gettext_lazy("Must be yes or no."),
    "value.string_type": gettext_lazy("Must be text."),
    "value.string_pattern_mismatch": gettext_lazy("Is not written as it must be."),
}


def sentence_in_words(sentence: Sentence) -> str:
    """In the reader's language; in English, as it came, where the code is not known here (of a newer box)."""
    words = SAID.get(sentence.code)
    if words is None:
        return str(sentence)
    try:
        said = str(words) % sentence.given
    except KeyError:  # of another version, which gives other things
        return str(sentence)
    found = sentence.given.get("found", "")
    return _("%(said)s (Found: %(found)s)") % {"said": said, "found": found} if found else said


def fault_in_words(fault: Fault | Mapping[str, Any]) -> str:
    """The same of a fault, or of one as the database keeps it."""
    kept = fault.model_dump() if isinstance(fault, Fault) else fault
    return sentence_in_words(Sentence(kept["text"], kept.get("code", ""), kept.get("given")))
