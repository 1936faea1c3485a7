"""What a citizen's free text says: the kind of problem and the place. For e-mail, short messages and typed places."""

import re
from math import isfinite

from central.incidents.kinds import Kind

WORDS: tuple[tuple[Kind, str], ...] = (
    (Kind.FLOOD, r"banjir|genangan|tergenang|kebanjiran|rob|flood(ed|ing)?"),
    (Kind.PARKING, r"parkir( liar)?|parkiran|parking|parked"),
    (Kind.VENDING, r"pkl|pedagang|kaki lima|lapak|berjualan|jualan|gerobak|vendors?|vending"),
    (Kind.JAM, r"macet|kemacetan|tersendat|padat merayap|jam|traffic"),
)
"""The earliest word in the text decides; of two at one place the first row."""

_KINDS = [(kind, re.compile(rf"\b({words})\b", re.IGNORECASE)) for kind, words in WORDS]
_NUMBER = r"[-−]?\d{1,3}[.]\d{4,}"  # four decimals are ten metres; three would be prices in rupiah
_PAIR = re.compile(rf"(?<![\d.])(?P<lat>{_NUMBER})\s*[,;/ ]\s*(?P<lon>{_NUMBER})(?![\d.])")
_PLACE = re.compile(
    r"^\s*(lokasi|alamat|tempat|location|address|place)\s*[:=]\s*(?P<place>\S.*)$", re.IGNORECASE | re.MULTILINE
)
_STREET = re.compile(r"\b(?P<street>(jl|jln|jalan|gg|gang)\b\.?\s+[^\n,;!?]{3,80})", re.IGNORECASE)


def kind_in(text: str) -> Kind | None:
    """The kind of problem the text speaks of first."""
    found = [
        (match.start(), order, kind) for order, (kind, words) in enumerate(_KINDS) if (match := words.search(text))
    ]
    return min(found)[2] if found else None


def position_in(text: str) -> tuple[float, float] | None:
    """Decimal degrees, latitude first, as map programs write and link them: `-2.1312, 106.1101`,
    `geo:-2.1312,106.1101`, `…/@-2.1312,106.1101,17z`."""
    for match in _PAIR.finditer(text.replace("%2C", ",").replace("%2c", ",")):
        lat, lon = (float(match[part].replace("−", "-")) for part in ("lat", "lon"))
        if isfinite(lat) and isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180:
            return lat, lon
    return None


def address_in(text: str) -> str:
    """What stands behind `Lokasi:` or `Alamat:`, else the first street named; empty: neither."""
    if match := _PLACE.search(text):
        return match["place"].strip()[:300]
    if match := _STREET.search(text):
        return match["street"].strip(" .")[:300]
    return ""
