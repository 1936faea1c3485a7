"""All boxes: how they stand, what they run, where they differ from what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor
from central.boxes.desired.drift import Drift, Standing, drift_of
from central.boxes.models import Box, Camera, DesiredVersion
from central.desks.access import OPERATORS, only
from central.feed.reading import latest_id

PAGE = 20
SKEW_S = 2.0
"""Further apart than this, and times on evidence are doubtful."""
OLD_OUTBOX_S = 120.0
EXPIRES_SOON = timedelta(days=30)

STANDING_WORDS = {
    Standing.OWN_FILE: (_("the box’s own file"), "grey"),
    Standing.IN_FORCE: (_("in force"), "green"),
    Standing.UNDER_WAY: (_("not taken over yet"), "amber"),
    Standing.REFUSED: (_("refused"), "red"),
    Standing.DRIFTED: (_("differs"), "red"),
}


@dataclass(frozen=True, slots=True)
class BoxCard:
    """A box with what is worth a warning."""

    box: Box
    cameras: list[Camera]
    drift: Drift
    is_silent: bool
    clock_is_off: bool
    outbox_is_old: bool
    certificate: str
    """Empty: fine or unknown; soon or over."""

    @property
    def standing(self) -> tuple[object, str]:
        """Its configuration in a word, and the tone of that."""
        return STANDING_WORDS[self.drift.standing]


@require_safe
@only(*OPERATORS)
def boxes(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Those in trouble first."""
    position, now = latest_id(), timezone.now()
    found = Box.objects.prefetch_related("cameras").order_by("state", "pk")  # "offline" sorts first
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    newest = newest_versions([box.pk for box in page])
    cards = [card_of(box, newest.get(box.pk), now) for box in page]
    return render(request, "cameras/boxes.html", {"position": position, "page": page, "cards": cards})


def card_of(box: Box, version: DesiredVersion | None, now: datetime) -> BoxCard:
    """How a box stands at a moment."""
    cameras = sorted(box.cameras.all(), key=lambda camera: (not camera.listed, camera.code))
    until = box.certificate_until
    return BoxCard(
        box,
        cameras,
        drift_of(box, version, cameras),
        box.state == Box.State.OFFLINE or box.is_silent(now),
        abs(box.clock_offset_s or 0.0) > SKEW_S,
        (box.outbox_age_s or 0.0) > OLD_OUTBOX_S,
        "" if until is None or until > now + EXPIRES_SOON else "soon" if until > now else "over",
    )


def newest_versions(boxes: list[str]) -> Mapping[str, DesiredVersion]:
    """The one that counts, by box."""
    found = DesiredVersion.objects.filter(box_id__in=boxes).order_by("box_id", "number")
    return {version.box_id: version for version in found}
