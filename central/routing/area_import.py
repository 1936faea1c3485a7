"""Areas out of a GeoJSON file: every fault of it listed, and nothing half imported."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from central.routing.geometry import BadGeometry, read_geometry, written
from central.routing.models import Area, Stamp

MAX_FEATURES = 5000
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
LEVELS = {
    "provinsi": Area.Level.PROVINCE,
    "kota": Area.Level.CITY,
    "kabupaten": Area.Level.CITY,
    "kecamatan": Area.Level.DISTRICT,
    "kelurahan": Area.Level.WARD,
    "desa": Area.Level.WARD,
    "khusus": Area.Level.OWN,
} | {level.value: level for level in Area.Level}
"""What `level` may say, in Indonesian and as we call it."""
WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")
FIELDS = ("name", "level", "polygon", "source", "approximate")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the file, where, and what to do."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


class NotImported(ValueError):  # noqa: N818 — what happened
    """With every fault; nothing was changed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Changed:
    """One area as it was, if it was, and as it is."""

    before: Mapping[str, Any] | None
    after: Area


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import does."""

    changes: tuple[Changed, ...]
    same: int

    @property
    def added(self) -> int:
        """New areas."""
        return sum(change.before is None for change in self.changes)

    @property
    def changed(self) -> int:
        """Areas that were there and look different now."""
        return len(self.changes) - self.added


def read_areas(content: bytes, default_source: str = "") -> list[dict[str, Any]]:
    """Fields of the areas in the file, `code` and FIELDS.

    Raises:
        NotImported: with every fault.
    """
    features = _features(content)
    faults: list[Fault] = []
    found: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for number, feature in enumerate(features, start=1):
        fields, wrong = _read(feature, default_source)
        code = fields["code"]
        if code and code in seen:
            wrong.append(
                _("code “%(code)s” is that of feature %(other)d too: codes are unique.")
                % {"code": code, "other": seen[code]}
            )
        seen.setdefault(code, number)
        where = _("feature %(number)d") % {"number": number} + (f" ({code})" if code else "")
        faults += [Fault(where, text) for text in wrong]
        found.append(fields)
    if faults:
        raise NotImported(faults)
    return found


@transaction.atomic
def import_areas(rows: Sequence[Mapping[str, Any]], now: datetime, *, dry_run: bool = False) -> Outcome:
    """Adds and changes by code; an area the file does not name stays as it is. Twice does the same as once."""
    standing = Area.objects.select_for_update().in_bulk([row["code"] for row in rows])
    changes, same = [], 0
    for row in rows:
        old = standing.get(row["code"])
        before = None if old is None else {name: getattr(old, name) for name in FIELDS}
        if before is not None and before == {name: row[name] for name in FIELDS}:
            same += 1
            continue
        area = old or Area(code=row["code"], version=0)
        for name in FIELDS:
            setattr(area, name, row[name])
        area.version, area.changed = area.version + 1, now
        changes.append(Changed(before, area))
    if changes and not dry_run:
        Area.objects.bulk_create([change.after for change in changes if change.before is None], batch_size=100)
        Area.objects.bulk_update(
            [change.after for change in changes if change.before is not None],
            [*FIELDS, "version", "changed"],
            batch_size=100,
        )
        Stamp.renew()
    return Outcome(tuple(changes), same)


def _features(content: bytes) -> list[Any]:
    whole = _("file")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotImported([Fault(whole, _("not UTF-8: save it as UTF-8."))]) from error
    except json.JSONDecodeError as error:
        where = _("line %(number)d") % {"number": error.lineno}
        raise NotImported([Fault(where, _("not JSON (%(why)s).") % {"why": error.msg})]) from error
    except RecursionError as error:
        raise NotImported([Fault(whole, _("nested too deeply to be GeoJSON."))]) from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise NotImported([Fault(whole, _("expected a GeoJSON FeatureCollection."))])
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise NotImported([Fault(whole, _("there is no feature in it."))])
    if len(features) > MAX_FEATURES:
        raise NotImported([Fault(whole, _("more than %(most)d features: split it.") % {"most": MAX_FEATURES})])
    if (crs := document.get("crs")) and not any(name in str(crs) for name in WGS84):
        raise NotImported([Fault(whole, _("Coordinates are not degrees: convert the file to WGS 84 (EPSG:4326)."))])
    return features


def _read(feature: Any, default_source: str) -> tuple[dict[str, Any], list[str]]:
    """Fields, and what is wrong with them."""
    fields: dict[str, Any] = {"code": ""}
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return fields, [_("not a GeoJSON Feature.")]
    told = feature.get("properties")
    told = told if isinstance(told, dict) else {}
    wrong = []
    fields["code"] = str(told.get("code") or "").strip()
    if not CODE.fullmatch(fields["code"]):
        wrong.append(_("property “code” must be 1 to 60 of a–z, 0–9, - and _, for example “kec-menteng”."))
    fields["name"] = str(told.get("name") or "").strip()
    if not 1 <= len(fields["name"]) <= 120:
        wrong.append(_("property “name” must be 1 to 120 characters."))
    fields["level"] = LEVELS.get(str(told.get("level") or "").strip().lower(), "")
    if not fields["level"]:
        wrong.append(_("property “level” must be one of: %(levels)s.") % {"levels": ", ".join(LEVELS)})
    fields["source"] = str(told.get("source") or default_source).strip()[:200]
    fields["approximate"] = told.get("approximate", False)
    if not isinstance(fields["approximate"], bool):
        wrong.append(_("property “approximate” must be true or false."))
    fields["polygon"] = {}
    if feature.get("geometry") is not None:
        try:
            fields["polygon"] = written(read_geometry(feature["geometry"]))
        except BadGeometry as error:
            wrong.append(str(error))
    return fields, wrong
