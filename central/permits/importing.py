"""Permits from a file: CSV with the outline as WKT, or GeoJSON. Everything that is wrong is told at once, by line, and
then nothing is taken."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms.utils import ErrorList
from django.utils.translation import gettext as _
from shapely import from_wkt
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from central.permits.forms import PermitForm
from central.permits.models import Permit

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5000
COLUMNS = ("sk", "name", "holder", "kind", "valid_from", "valid_to", "hours", "time_zone", "capacity", "outline")
OPTIONAL = {"holder", "kind", "hours", "time_zone", "capacity"}
"""Left out or empty, they are the model's defaults; on a permit that exists, what it has."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong.

    Attributes:
        where: "Line 3", "Feature 2"; empty: the file itself.
        what: for whoever made the file.
    """

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file holds: permits that may be saved, or faults; never both."""

    permits: tuple[Permit, ...]
    faults: tuple[Fault, ...]


class NotReadable(ValueError):  # noqa: N818 — what the file is
    """The file as a whole; the text says why."""


@dataclass(frozen=True, slots=True)
class _Row:
    where: str
    values: Mapping[str, Any]
    geometry: BaseGeometry | None
    fault: str = ""


def read(name: str, content: bytes) -> Taken:
    """Reads a file of permits. A permit that exists (same SK and place) is changed, others are new.

    Args:
        name: of the file; what ends in .csv is CSV, all else GeoJSON.
        content: UTF-8, with or without a byte order mark.
    """
    try:
        text = _text(content)
        rows = list(_csv_rows(text) if name.lower().endswith(".csv") else _geojson_rows(text))
        if not 0 < len(rows) <= MAX_ROWS:
            raise NotReadable(
                _("The file holds %(n)d permits; it must be 1 to %(most)d.") % {"n": len(rows), "most": MAX_ROWS}
            )
    except NotReadable as error:
        return Taken((), (Fault("", str(error)),))
    known = {(permit.sk, permit.name): permit for permit in Permit.objects.all()}
    permits: list[Permit] = []
    faults: list[Fault] = []
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        key = (str(row.values.get("sk", "")), str(row.values.get("name", "")))
        form = PermitForm(_filled_in(row, known.get(key)), instance=known.get(key))
        found = [Fault(row.where, what) for what in _faults(row, form)]
        if key in first:
            found.append(Fault(row.where, _("The same SK and place as in %(where)s.") % {"where": first[key]}))
        first.setdefault(key, row.where)
        faults += found
        if not found:
            permits.append(form.instance)
    return Taken((), tuple(faults)) if faults else Taken(tuple(permits), ())


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise NotReadable(_("The file is larger than %(mb)d MB.") % {"mb": MAX_BYTES // 2**20})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadable(_("The file is not UTF-8 text.")) from error


def _csv_rows(text: str) -> Iterator[_Row]:
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    named = [(column or "").strip().lower() for column in reader.fieldnames or ()]
    reader.fieldnames = named
    if missing := [column for column in COLUMNS if column not in named and column not in OPTIONAL]:
        raise NotReadable(_("These columns are missing: %(columns)s.") % {"columns": ", ".join(missing)})
    if unknown := [column for column in named if column not in COLUMNS]:
        raise NotReadable(_("These columns are not known: %(columns)s.") % {"columns": ", ".join(unknown)})
    try:
        for values in reader:
            where = _("Line %(n)d") % {"n": reader.line_num}
            if None in values or None in values.values():
                yield _Row(where, {}, None, _("This line has more or fewer columns than the first."))
                continue
            yield _from_csv(where, {key: value.strip() for key, value in values.items()})
    except csv.Error as error:
        raise NotReadable(_("Line %(n)d") % {"n": reader.line_num} + f": {error}") from error


def _from_csv(where: str, values: dict[str, str]) -> _Row:
    try:
        return _Row(where, values, from_wkt(values["outline"]))
    except ShapelyError:
        return _Row(
            where, values, None, _("outline: this is no WKT; write POLYGON ((106.11 -2.13, …)), longitude first.")
        )


def _geojson_rows(text: str) -> Iterator[_Row]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotReadable(_("This is neither CSV (name it .csv) nor JSON: %(error)s") % {"error": error}) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise NotReadable(_("This is no GeoJSON FeatureCollection."))
    for number, feature in enumerate(features, 1):
        where = _("Feature %(n)d") % {"n": number}
        values = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(values, dict):
            yield _Row(where, {}, None, _("It has no properties."))
            continue
        try:
            yield _Row(where, values, shape(feature.get("geometry")))
        except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError):
            yield _Row(where, values, None, _("Its geometry cannot be read."))


def _filled_in(row: _Row, old: Permit | None) -> dict[str, Any]:
    standard = old or Permit()
    values = {column: row.values.get(column) for column in COLUMNS if column != "outline"}
    for column in OPTIONAL:
        if values[column] in {None, ""}:
            values[column] = getattr(standard, column)
    return values | {"ring": _ring(row.geometry)}


def _ring(geometry: BaseGeometry | None) -> list[list[float]]:
    if geometry is None or geometry.geom_type != "Polygon" or geometry.is_empty:
        return []
    return [[lon, lat] for lon, lat, *_height in list(geometry.exterior.coords)[:-1]]


def _faults(row: _Row, form: PermitForm) -> Iterator[str]:
    if row.fault:
        yield row.fault
        if not row.values:
            return
    elif row.geometry is not None and (row.geometry.geom_type != "Polygon" or row.geometry.interiors):
        yield _("outline: one polygon without holes, not %(kind)s.") % {"kind": row.geometry.geom_type}
    for name, errors in form.errors.items():
        if name == "ring" and (row.fault or row.geometry is None):
            continue
        yield from _told(name, errors)


def _told(name: str, errors: ErrorList) -> Iterator[str]:
    column = "outline" if name == "ring" else name
    for error in errors:
        yield str(error) if name == "__all__" else f"{column}: {error}"
