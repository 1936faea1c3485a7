"""CSV and GeoJSON, a piece of text at a time."""

import csv
import json
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from operator import attrgetter
from typing import Any

from django.utils.formats import get_format

from central.desks.exports.records import COLUMNS, Record

BOM = "\ufeff"
"""Without it, spreadsheets take UTF-8 for an old code page."""
DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")
"""A cell that begins so is a formula to a spreadsheet (CWE-1236)."""
A_PIECE = 500
"""Rows."""

_values = attrgetter(*COLUMNS)
_PROPERTIES = tuple(name for name in COLUMNS if name not in {"lat", "lon"})
_properties = attrgetter(*_PROPERTIES)

Writer = Callable[[Iterable[Record]], Generator[str]]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    ending: str
    content_type: str
    write: Writer


def csv_for_programs(rows: Iterable[Record]) -> Generator[str]:
    """RFC 4180: commas, points, no mark in front."""
    return _csv(rows, delimiter=",", decimal=".")


def csv_for_spreadsheets(rows: Iterable[Record]) -> Generator[str]:
    """As a spreadsheet set to the page's language opens it with a double click: Indonesian ones take the comma for the
    decimal sign and semicolons between the columns."""
    yield BOM
    decimal = str(get_format("DECIMAL_SEPARATOR"))
    yield from _csv(rows, delimiter=";" if decimal == "," else ",", decimal=decimal)


def geojson(rows: Iterable[Record]) -> Generator[str]:
    """RFC 7946: one FeatureCollection, positions as longitude and latitude; without one, the geometry is null."""
    yield '{"type":"FeatureCollection","features":['
    before = ""
    for piece in _pieces(rows):
        yield before + ",\n".join(json.dumps(_feature(row), ensure_ascii=False) for row in piece)
        before = ",\n"
    yield "]}\n"


FORMATS = {
    "csv": Format("csv", "text/csv; charset=utf-8", csv_for_programs),
    "spreadsheet": Format("csv", "text/csv; charset=utf-8", csv_for_spreadsheets),
    "geojson": Format("geojson", "application/geo+json", geojson),
}


def _csv(rows: Iterable[Record], *, delimiter: str, decimal: str) -> Generator[str]:
    yield _lines([COLUMNS], delimiter)  # at once: whoever waits sees that it has begun
    for piece in _pieces(rows):
        yield _lines(([_cell(value, decimal) for value in _values(row)] for row in piece), delimiter)


def _lines(rows: Iterable[Iterable[Any]], delimiter: str) -> str:
    buffer = StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


def _cell(value: Any, decimal: str) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value and value[0] in DANGEROUS else value
    if isinstance(value, float):
        return str(value).replace(".", decimal)
    if isinstance(value, bool):
        return int(value)
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _feature(row: Record) -> dict[str, Any]:
    position = None if row.lat is None or row.lon is None else {"type": "Point", "coordinates": [row.lon, row.lat]}
    said = zip(_PROPERTIES, _properties(row), strict=True)
    properties = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said}
    return {"type": "Feature", "geometry": position, "properties": properties}


def _pieces(rows: Iterable[Record]) -> Iterator[list[Record]]:
    piece: list[Record] = []
    for row in rows:
        piece.append(row)
        if len(piece) == A_PIECE:
            yield piece
            piece = []
    if piece:
        yield piece
