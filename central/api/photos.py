"""Citizens' photos that programs send: kept as drafts, which a report then names."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone, translation
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from central.api.gate import Bearer, caller_of
from central.api.problems import TOO_MANY, Problem, invalid
from central.api.scopes import Scope
from central.evidence.store import store
from central.reports import keeping
from central.reports.limits import PHOTOS_BY_PROGRAM, TooMany, use
from central.reports.models import Photo
from central.reports.photos import MAX_BYTES, BadPhoto

RETRY_AFTER_S = 3600

router = Router()

Draft = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""The token of a photo that waits for its report."""


class KeptPhoto(Schema):
    """It waits for its report."""

    photo: str = Field(description="Name it in `photos` of the report. Whoever has it can send it: keep it to yourself")
    width: int = Field(description="In pixels, upright and at most 1,600")
    height: int
    taken: datetime | None = Field(description="When, as the telephone wrote it")
    lat: float | None = Field(description="Where, as the telephone wrote it; your report decides whether to use it")
    lon: float | None
    expires: datetime = Field(description="Dropped then unless a report took it")


@router.post(
    "/photos",
    response={201: KeptPhoto},
    auth=Bearer(Scope.REPORTS_WRITE),
    summary="Send a photo for a report",
    url_name="photos",
)
def send_photo(
    request: HttpRequest,
    photo: Annotated[UploadedFile, File(description=f"JPEG, PNG or WebP, at most {MAX_BYTES >> 20} MB")],
) -> Status:
    """It is drawn anew: its notes (place, time, telephone) are answered here and not kept in the picture.

    The report that follows within a day names it. Only the city's staff sees it.
    """
    token = caller_of(request).token
    assert token is not None
    now = timezone.now()
    try:
        use([(PHOTOS_BY_PROGRAM, f"token:{token.pk}")], now)
        with translation.override("en"):
            kept = keeping.keep(photo.read(), now, store())
    except TooMany as error:
        raise Problem(TOO_MANY, str(error), headers={"Retry-After": str(RETRY_AFTER_S)}) from error
    except BadPhoto as error:
        raise invalid("file.photo", str(error)) from error
    told = KeptPhoto(
        photo=kept.token,
        width=kept.width,
        height=kept.height,
        taken=kept.taken,
        lat=kept.lat,
        lon=kept.lon,
        expires=now + keeping.DRAFTS_FOR,
    )
    return Status(201, told)


def named(photos: list[str], now: datetime) -> list[Photo]:
    """The drafts that a report names.

    Raises:
        Problem: one of them is not to be had.
    """
    found = {draft.token: draft for draft in keeping.drafts(photos, now)}
    for place, photo in enumerate(photos):
        if photo not in found:
            raise invalid(f"body.photos.{place}", "no such photo waits: a report took it, or it is older than a day")
    return list(found.values())
