"""The colours of a debug video, blue–green–red: a kind has one colour wherever it appears."""

from contract.kinds import IncidentKind, ZoneKind

Colour = tuple[int, int, int]

WHITE: Colour = (250, 250, 250)
INK: Colour = (28, 22, 18)
MUTED: Colour = (160, 150, 142)
RULE: Colour = (78, 68, 60)
STANDS: Colour = (68, 68, 239)
CREEPS: Colour = (36, 191, 251)
FLOWS: Colour = (94, 197, 74)
PERSON: Colour = (222, 211, 103)
VENDOR: Colour = (250, 117, 217)
WATER: Colour = (246, 130, 59)
QUALITY: Colour = (204, 214, 250)
SUSPECTED: Colour = (36, 191, 251)

ZONES: dict[ZoneKind, Colour] = {
    ZoneKind.ROADWAY: (248, 189, 56),
    ZoneKind.NO_VENDING: (250, 117, 217),
    ZoneKind.NO_PARKING: (60, 146, 251),
    ZoneKind.WATER_GAUGE: (191, 212, 45),
    ZoneKind.IGNORE: (163, 148, 139),
}
INCIDENTS: dict[IncidentKind, Colour] = {
    IncidentKind.JAM: (68, 68, 239),
    IncidentKind.FLOOD: (246, 130, 59),
    IncidentKind.VENDING: (250, 117, 217),
    IncidentKind.PARKING: (60, 146, 251),
    IncidentKind.CAMERA_FAULT: (204, 214, 250),
}


def faded(colour: Colour, share: float) -> Colour:
    """The colour on a dark ground with so much of it left, 0–1."""
    blue, green, red = (round(share * c + (1 - share) * i) for c, i in zip(colour, INK, strict=True))
    return blue, green, red
