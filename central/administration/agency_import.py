"""Agencies out of a CSV file: every fault of it listed by line, and nothing half imported."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from central.accounts.roles import Actor
from central.administration.agency_changes import save_agency, save_contact
from central.administration.needs import rules_that_need
from central.administration.recording import snapshot
from central.outbox.models import Channel, Contact
from central.routing.area_import import Fault, NotImported
from central.routing.models import Agency

NEEDED = ("code", "name", "short")
OPTIONAL = ("default_desk", "active", "email")
MAX_ROWS = 2000
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
YES = {"yes", "ya", "y", "1", "true"}
NO = {"no", "tidak", "t", "0", "false", ""}


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One line. None: the file does not say, so it stays as it is."""

    line: int
    code: str
    name: str
    short: str
    default_desk: bool | None
    active: bool | None
    email: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import does."""

    added: int
    changed: int
    same: int


def read_agencies(content: bytes) -> list[AgencyRow]:
    """Separated by commas or semicolons, the first line names the columns.

    Raises:
        NotImported: with every fault.
    """
    rows, faults = [], []
    seen: dict[str, int] = {}
    for line, told in _lines(content):
        row, wrong = _read(line, told)
        if row.code in seen:
            wrong.append(
                _("code “%(code)s” is that of line %(other)d too: codes are unique.")
                % {"code": row.code, "other": seen[row.code]}
            )
        seen.setdefault(row.code, line)
        rows.append(row)
        faults += [_fault(line, text) for text in wrong]
    desks = [row.line for row in rows if row.default_desk]
    faults += [_fault(line, _("only one agency is the default desk.")) for line in desks[1:]]
    if faults:
        raise NotImported(faults)
    return rows


@transaction.atomic
def import_agencies(rows: Sequence[AgencyRow], actor: Actor, now: datetime, *, dry_run: bool = False) -> Outcome:
    """Adds and changes by code; an agency the file does not name stays as it is. Twice does the same as once.

    Raises:
        NotImported: it would switch off an agency that rules in force send complaints to, or the default desk.
    """
    standing = Agency.objects.select_for_update().in_bulk([row.code for row in rows])
    if faults := list(_conflicts(rows, standing)):
        raise NotImported(faults)
    added = changed = 0
    for row in sorted(rows, key=lambda row: bool(row.default_desk)):  # whoever stops being the desk comes first
        old = standing.get(row.code)
        before = None if old is None else snapshot(old)
        agency = old or Agency(code=row.code)
        _apply(agency, row)
        mail_is_new = bool(row.email) and not Contact.objects.filter(agency=row.code, address=row.email).exists()
        if before is not None and before == snapshot(agency) and not mail_is_new:
            continue
        added, changed = added + (before is None), changed + (before is not None)
        if not dry_run:
            save_agency(agency, before, actor, now, action="import")
            if mail_is_new:
                contact = Contact(agency=agency, channel=Channel.EMAIL, address=row.email)
                save_contact(contact, None, actor, now, action="import")
    return Outcome(added, changed, len(rows) - added - changed)


def _conflicts(rows: Sequence[AgencyRow], standing: Mapping[str, Agency]) -> Iterator[Fault]:
    new_desk = any(row.default_desk for row in rows)
    for row in rows:
        old = standing.get(row.code)
        if row.active is False and (orders := rules_that_need(row.code)):
            yield _fault(row.line, in_use(orders))
        loses_desk = old is not None and old.is_default_desk and False in {row.default_desk, row.active}
        if loses_desk and not new_desk:
            yield _fault(
                row.line, _("this is the default desk: make another agency the default desk in the same file.")
            )


def in_use(orders: Sequence[int]) -> str:
    """Why something that rules in force name cannot be switched off."""
    return _("rules in force name it (%(rules)s): change the rules first.") % {"rules": ", ".join(map(str, orders))}


def _apply(agency: Agency, row: AgencyRow) -> None:
    agency.name, agency.short = row.name, row.short
    if row.default_desk is not None:
        agency.is_default_desk = row.default_desk
    if row.active is not None:
        agency.active = row.active


def _lines(content: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotImported([Fault(_("file"), _("not UTF-8: save it as “CSV UTF-8”."))]) from error
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        if faults := list(_column_faults(names)):
            raise NotImported(faults)
        reader.fieldnames = names
        lines = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise NotImported([_fault(reader.line_num, str(error))]) from error
    if not 0 < len(lines) <= MAX_ROWS:
        count = _("the file has %(count)d agencies; it must have 1 to %(most)d.") % {
            "count": len(lines),
            "most": MAX_ROWS,
        }
        raise NotImported([Fault(_("file"), count)])
    yield from lines


def _column_faults(names: Sequence[str]) -> Iterator[Fault]:
    for name in NEEDED:
        if name not in names:
            yield _fault(1, _("column “%(name)s” is missing.") % {"name": name})
    for name in names:
        if name not in {*NEEDED, *OPTIONAL}:
            known = ", ".join((*NEEDED, *OPTIONAL))
            yield _fault(1, _("column “%(name)s” is unknown; there are: %(known)s.") % {"name": name, "known": known})


def _read(line: int, told: Mapping[Any, Any]) -> tuple[AgencyRow, list[str]]:
    wrong = []
    if None in told or None in told.values():
        wrong.append(_("more or fewer fields than columns: put text with a comma in quotation marks."))
    text = {name: (value or "").strip() for name, value in told.items() if isinstance(name, str)}
    if not CODE.fullmatch(text["code"]):
        wrong.append(_("“code” must be 1 to 40 of a–z, 0–9, - and _, for example “satpol-pp”."))
    if not 1 <= len(text["name"]) <= 200:
        wrong.append(_("“name” must be 1 to 200 characters."))
    if not 1 <= len(text["short"]) <= 40:
        wrong.append(_("“short” must be 1 to 40 characters."))
    flags: dict[str, bool | None] = {}
    for name in ("default_desk", "active"):
        said = text.get(name)
        flags[name] = None if said is None else said.lower() in YES
        if said is not None and said.lower() not in YES | NO:
            wrong.append(_("“%(name)s” must be yes or no.") % {"name": name})
    if text.get("active") == "":
        flags["active"] = None
    if mail := text.get("email", ""):
        try:
            validate_email(mail)
        except ValidationError:
            wrong.append(_("“%(address)s” is no e-mail address.") % {"address": mail})
    row = AgencyRow(line, text["code"], text["name"], text["short"], flags["default_desk"], flags["active"], mail)
    return row, wrong


def _fault(line: int, text: str) -> Fault:
    return Fault(_("line %(number)d") % {"number": line}, text)
