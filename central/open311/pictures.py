"""Pictures that come with a posted request, as files. GeoReport v2 knows only links; its servers take both."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from central.evidence.store import store
from central.open311.faults import Fault, wrong
from central.open311.models import ApiKey
from central.reports import keeping
from central.reports.limits import PHOTOS_BY_PROGRAM, TooMany, use
from central.reports.models import Photo
from central.reports.photos import BadPhoto

PARAMETERS = ("media", "media[]")
"""As Mark-a-Spot and FixMyStreet name a file; with brackets where PHP sends several."""


def kept(files: MultiValueDict[str, UploadedFile], key: ApiKey, now: datetime) -> list[Photo]:
    """Drafts, drawn anew (see `reports.photos`). Whatever they hang on must have been checked: this takes work.

    Raises:
        central.open311.faults.Fault: too many, or one that is no picture.
    """
    given = [file for name in PARAMETERS for file in files.getlist(name)]
    if len(given) > keeping.MAX_PHOTOS:
        raise wrong("media", f"at most {keeping.MAX_PHOTOS} pictures")
    return [_kept(file, key, now) for file in given]


def _kept(file: UploadedFile, key: ApiKey, now: datetime) -> Photo:
    try:
        use([(PHOTOS_BY_PROGRAM, f"key:{key.pk}")], now)
        return keeping.keep(file.read(), now, store())
    except TooMany as error:
        raise Fault(429, "media: too many pictures this hour; try again in the next") from error
    except BadPhoto as error:
        raise wrong("media", str(error)) from error
