"""Settings: the areas that rules may name, on a map."""

import json
from typing import Any

import shapely
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from central.accounts.roles import Actor, Role
from central.administration.agency_import import in_use
from central.administration.area_changes import add_area, save_area, take_in
from central.administration.needs import rules_in_area
from central.administration.uploads import Result, UploadForm, told
from central.desks.access import only
from central.routing.area_import import CODE, NotImported
from central.routing.geometry import read_geometry
from central.routing.models import Area
from central.security.headers import content_security_policy
from central.tiles import origin

COARSE_DEG = 0.0002
"""About 20 m: what a map of the whole city need not show."""
LEVELS_IN_ORDER = list(Area.Level.values)


class OutlineField(forms.JSONField):
    """A GeoJSON geometry; nothing written is an area that is not drawn yet."""

    def prepare_value(self, value: Any) -> Any:
        """Nothing for an empty one."""
        return "" if value == {} else super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        """An empty one for nothing."""
        found = super().to_python(value)
        return {} if found is None else found


class AreaForm(forms.ModelForm):
    """An area; its polygon as GeoJSON."""

    class Meta:
        model = Area
        fields = ["name", "level", "source", "approximate", "active", "polygon"]
        labels = {
            "name": gettext_lazy("Name"),
            "level": gettext_lazy("Level"),
            "source": gettext_lazy("Source of the polygon"),
            "approximate": gettext_lazy("Approximate: not the official border"),
            "active": gettext_lazy("In use"),
            "polygon": gettext_lazy("Polygon (GeoJSON geometry)"),
        }
        field_classes = {"polygon": OutlineField}
        widgets = {"polygon": forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "code"})}

    def clean(self) -> dict[str, Any]:
        """Nothing that rules in force name is switched off or emptied."""
        cleaned: dict[str, Any] = super().clean()
        gone = not cleaned.get("active") or not cleaned.get("polygon", True)
        if gone and (orders := rules_in_area(self.instance.pk)):
            self.add_error("active", in_use(orders).capitalize())
        return cleaned


class NewAreaForm(AreaForm):
    """The same with the code, which stays."""

    code = forms.CharField(label=gettext_lazy("Code, for example kec-menteng"), max_length=60)
    field_order = ("code", *AreaForm.Meta.fields)

    def clean_code(self) -> str:
        """Raises forms.ValidationError for one that cannot be one, or is taken."""
        code: str = self.cleaned_data["code"].strip()
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("Write 1 to 60 of a–z, 0–9, - and _."))
        if Area.objects.filter(pk=code).exists():
            raise forms.ValidationError(_("This code is taken."))
        return code


@require_safe
@only(Role.ADMIN)
def area_list(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """All of them, the map, and a file with more."""
    return _list(request, UploadForm())


@require_safe
@gzip_page  # nothing secret is in it that a guess could be compared with
@only(Role.ADMIN)
def area_shapes(_request: HttpRequest, _actor: Actor) -> HttpResponse:
    """The polygons, coarser than they are kept, as GeoJSON; the larger levels first, so that small ones lie on top."""
    drawn = sorted(Area.objects.exclude(polygon={}), key=lambda area: LEVELS_IN_ORDER.index(area.level))
    return JsonResponse({"type": "FeatureCollection", "features": [_feature(area) for area in drawn]})


@only(Role.ADMIN)
def new_area(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One more, drawn on the map or given as GeoJSON."""
    form = NewAreaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        area = form.save(commit=False)
        area.code = form.cleaned_data["code"]
        add_area(area, actor, timezone.now())
        messages.success(request, _("Saved."))
        return redirect("area-list")
    context = {"form": form, "area": None, "rules": []}
    return _with_tiles(render(request, "administration/area.html", context | _tiles(), status=_status(request)))


@only(Role.ADMIN)
def edit_area(request: HttpRequest, actor: Actor, area: str) -> HttpResponse:
    """What it is called, whether it is in use, and its polygon."""
    found = get_object_or_404(Area, pk=area)
    form = AreaForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        save_area(form.save(commit=False), actor, timezone.now())
        messages.success(request, _("Saved."))
        return redirect("area-list")
    context = {"form": form, "area": found, "rules": rules_in_area(area)}
    return _with_tiles(render(request, "administration/area.html", context | _tiles(), status=_status(request)))


@require_POST
@only(Role.ADMIN)
def upload_areas(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All areas of a GeoJSON file, or none."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=400)
    dry_run = form.cleaned_data["dry_run"]
    try:
        outcome = take_in(form.cleaned_data["file"], form.name, actor, timezone.now(), dry_run=dry_run)
    except NotImported as error:
        return _list(request, form, Result(faults=error.faults), status=400)
    said = told(outcome.added, outcome.changed, outcome.same, dry_run=dry_run)
    if dry_run:
        return _list(request, form, Result(told=said))
    messages.success(request, said)
    return redirect("area-list")


def _list(request: HttpRequest, form: UploadForm, result: Result | None = None, status: int = 200) -> HttpResponse:
    listed = Area.objects.defer("polygon").order_by("name")
    groups = [(level.label, [area for area in listed if area.level == level]) for level in Area.Level]
    context = {
        "groups": [(label, areas) for label, areas in groups if areas],
        "count": sum(len(areas) for _label, areas in groups),
        "approximate": any(area.approximate for area in listed),
        "undrawn": set(Area.objects.filter(polygon={}).values_list("pk", flat=True)),
        "form": form,
        "result": result,
    }
    return _with_tiles(render(request, "administration/areas.html", context | _tiles(), status=status))


def _feature(area: Area) -> dict[str, Any]:
    coarse = shapely.simplify(read_geometry(area.polygon), COARSE_DEG)
    about = {"code": area.code, "name": area.name, "level": area.level, "active": area.active}
    geometry = json.loads(shapely.to_geojson(coarse))
    return {"type": "Feature", "properties": about, "geometry": geometry}


def _tiles() -> dict[str, str]:
    return {"tiles": settings.TILES, "tiles_credit": settings.TILES_CREDIT}


def _with_tiles(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Security-Policy"] = content_security_policy(origin(settings.TILES))
    return response


def _status(request: HttpRequest) -> int:
    return 400 if request.method == "POST" else 200
