"""What the editor calls things: choices of settings, and the words of its scripts."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from central.boxes.models import Zone
from central.incidents.kinds import Kind

CHOICES = {
    "car": _("car"),
    "bus": _("bus"),
    "truck": _("lorry"),
    "motorcycle": _("motorcycle"),
    "dark": _("dark"),
    "frozen": _("frozen"),
    "defocused": _("defocused"),
    "covered": _("covered"),
    "moved": _("moved"),
    "offline": _("offline"),
}

PURPOSES = {
    "traffic": _("traffic"),
    "disaster": _("disaster"),
    "security": _("security"),
    "maintenance": _("maintenance"),
}

_SCRIPT = {
    "point": _("Point"),
    "groundPoint": _("Calibration point"),
    "across": _("across"),
    "down": _("down"),
    "lat": _("latitude"),
    "lon": _("longitude"),
    "remove": _("Remove"),
    "removePoint": _("Remove point"),
    "addPoint": _("Add a point"),
    "zoneKind": _("Kind of zone"),
    "zoneId": _("Id"),
    "segment": _("Street segment"),
    "direction": _("Direction"),
    "privateArea": _("Private area"),
    "noZones": _("Nothing is drawn yet."),
    "draw": _("Click the corners on the picture. The first corner again, or Enter, closes the area; Escape gives up."),
    "drawKeys": _("Arrow keys move the point, with Shift further; Delete removes it."),
    "pick": _("Click the point on the picture, then its place on the map."),
    "pickMap": _("Now click the same place on the map, or type its degrees."),
    "needMore": _("%(n)s of at least 4 points have both a pixel and a place."),
    "fitting": _("Fitting…"),
    "misses": _("The plane misses the points by %(rms)s m (root mean square)."),
    "exact": _("Four points always fit exactly: add two more, so that the error says something."),
    "leftOut": _("left out as a mistake"),
    "noFit": _("No plane goes through these points:"),
    "ownMetres": _("This camera is calibrated in metres of its own, not on the map. New points replace that."),
    "uncalibrated": _("Not calibrated: speeds are in vehicle lengths, queues in shares."),
    "inZones": _("In these zones"),
    "noSuchZone": _("Draw a zone for it first."),
    "noPurpose": _("Its box does not let this camera serve this purpose: %(purpose)s."),
    "defaultIs": _("default: %(value)s"),
    "asked": _("Asking the box…"),
    "sent": _("The box looks at the camera…"),
    "coming": _("The picture is on its way…"),
    "taken": _("Masked picture of"),
    "notReached": _("The server cannot be reached. Is this computer online?"),
    "saving": _("Saving…"),
    "saved": _("Version %(version)s is saved. The box is told…"),
    "inForce": _("Version %(version)s is in force on the box."),
    "waits": _("Version %(version)s is saved; the box has not taken it over yet. It will, once it is online."),
    "refused": _("The box refused version %(version)s and goes on with what it had:"),
    "faults": _("This cannot be saved yet:"),
    "unsaved": _("There are changes that are not saved."),
    "nothingToSave": _("Nothing has changed."),
}


def script_words() -> dict[str, object]:
    """For the page's scripts, in its language."""
    return {
        "zone": {kind: str(word) for kind, word in Zone.Kind.choices},
        "kind": {kind: capfirst(str(word)) for kind, word in Kind.choices},
        "purpose": {purpose: str(word) for purpose, word in PURPOSES.items()},
        **{name: str(word) for name, word in _SCRIPT.items()},
    }
