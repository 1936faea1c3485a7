"""Many cameras at once, from a table: names and places of those that boxes have or will have, and what to look for."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from central.accounts.roles import Actor, Role
from central.administration.recording import write_down
from central.boxes.desired.versions import decide
from central.boxes.models import Box, Camera
from central.cameras.wishes import kinds_in, place_in, settings_with
from central.desks.access import only
from central.permits.pushing import cameras_of, push_to
from contract.ids import NAME_RULE, is_name
from contract.kinds import IncidentKind
from contract.settings.camera import CameraSettings

COLUMNS = ("box", "camera", "name", "lat", "lon", "incidents", "segment", "direction")
MAX_BYTES = 1024 * 1024
MAX_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Row:
    """One camera of the table."""

    box: str
    camera: str
    name: str
    lat: float | None
    lon: float | None
    kinds: tuple[IncidentKind, ...]
    """Empty: as they are."""
    place: str
    """Street segment and direction; empty: as it is."""


class NotImported(ValueError):  # noqa: N818 — what it is
    """Nothing was imported; `problems` says why, by line."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@require_http_methods(["GET", "HEAD", "POST"])
@only(Role.ADMIN)
def import_cameras(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form; a table is taken whole or not at all."""
    problems: list[tuple[int, str]] = []
    if request.method == "POST":
        try:
            count = take_in(_text_of(request), actor)
        except NotImported as error:
            problems = error.problems
        else:
            told = ngettext("%(count)s camera was taken in.", "%(count)s cameras were taken in.", count)
            messages.success(request, told % {"count": count})
            return redirect("boxes")
    context = {"problems": problems, "columns": COLUMNS}
    return render(request, "cameras/import.html", context, status=400 if problems else 200)


@transaction.atomic
def take_in(text: str, actor: Actor) -> int:
    """Returns how many cameras the table has.

    Raises:
        NotImported: a line does not hold; then none is taken in.
    """
    rows = _rows(text)
    now = timezone.now()
    stood = {row.box: cameras_of(row.box) for row, _settings in rows}
    for row, settings in rows:
        place = {"name": row.name} if row.name else {}
        place |= {} if row.lat is None else {"lat": row.lat, "lon": row.lon}
        camera = Camera.objects.filter(box_id=row.box, code=row.camera).first()
        before = None if camera is None else {name: getattr(camera, name) for name in place}
        if camera is None:  # its box will name it once it is in the box's file
            camera = Camera.objects.create(box_id=row.box, code=row.camera, listed=False, **place)
        elif place:
            Camera.objects.filter(pk=camera.pk).update(**place)
        write_down(actor, now, topic="camera", subject=str(camera), action="import", before=before, after=place)
        if settings is not None:
            decide(camera, settings, actor, now, why=_("from a table of cameras"))
    for box_id, places in stood.items():
        if cameras_of(box_id) != places:
            push_to(box_id, now)
    return len(rows)


def _rows(text: str) -> list[tuple[Row, CameraSettings | None]]:
    """Each with what is to be looked for from now on, where that is something new.

    Raises:
        NotImported: with every line that does not hold.
    """
    rows: list[tuple[Row, CameraSettings | None]] = []
    problems: list[tuple[int, str]] = []
    boxes = set(Box.objects.values_list("pk", flat=True))
    seen: dict[tuple[str, str], int] = {}
    for line, values in _lines(text):
        try:
            row = _row(values, boxes)
            camera = Camera.objects.filter(box_id=row.box, code=row.camera).first()
            settings = settings_with(camera, row.kinds, row.place)
        except ValueError as error:
            problems.append((line, str(error)))
            continue
        earlier = seen.setdefault((row.box, row.camera), line)
        if earlier != line:
            problems.append((line, _("the same camera as in line %(line)s") % {"line": earlier}))
        rows.append((row, settings))
    if not rows and not problems:
        problems.append((1, _("no camera below the heading")))
    if problems:
        raise NotImported(problems)
    return rows


def _text_of(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        raise NotImported([(1, _("choose a file"))])
    if file.size is None or file.size > MAX_BYTES:
        raise NotImported([(1, _("the file is larger than 1 MiB"))])
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotImported([(1, _("the file is not UTF-8: save it as CSV UTF-8"))]) from error


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and values of each row. Excel here separates by semicolons."""
    heading = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if heading.count(";") > heading.count(",") else ",")
    known = [name.strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in ("box", "camera") if name not in known]:
        told = _("the heading lacks %(columns)s; it should be %(wanted)s")
        raise NotImported([(1, told % {"columns": ", ".join(missing), "wanted": ",".join(COLUMNS)})])
    if unknown := [name for name in known if name not in COLUMNS]:
        told = _("unknown column %(columns)s; it should be %(wanted)s")
        raise NotImported([(1, told % {"columns": ", ".join(unknown), "wanted": ",".join(COLUMNS)})])
    reader.fieldnames = known
    try:
        for count, row in enumerate(reader):
            if count >= MAX_ROWS:
                raise NotImported([(reader.line_num, _("more than %(rows)s rows") % {"rows": MAX_ROWS})])
            yield reader.line_num, {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
    except csv.Error as error:
        raise NotImported([(reader.line_num, str(error))]) from error


def _row(values: dict[str, str], boxes: set[str]) -> Row:
    """Raises ValueError: what is wrong with it, for people."""
    box, camera = values["box"], values["camera"]
    if box not in boxes:
        raise ValueError(_("box “%(box)s” is not enrolled") % {"box": box})
    if not is_name(camera):
        raise ValueError(_("“%(camera)s” cannot be a camera’s id: %(rule)s") % {"camera": camera, "rule": NAME_RULE})
    lat, lon = (_degrees(values.get(name, ""), name, most) for name, most in (("lat", 90.0), ("lon", 180.0)))
    if (lat is None) != (lon is None):
        raise ValueError(_("latitude and longitude: both or none"))
    kinds = kinds_in(values.get("incidents", ""))
    place = place_in(values.get("segment", ""), values.get("direction", ""))
    return Row(box, camera, values.get("name", "")[:120], lat, lon, kinds, place)


def _degrees(text: str, name: str, most: float) -> float | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = most + 1
    if not -most <= value <= most:
        raise ValueError(_("%(name)s “%(text)s” is not a number of degrees") % {"name": name, "text": text})
    return value
