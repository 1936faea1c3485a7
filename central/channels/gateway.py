"""What a gateway hands in: one signed JSON document for each message of a citizen. See docs/gateways.md."""

import base64
import hmac
from datetime import datetime, timedelta
from typing import Annotated, Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from central.channels.hearing import Heard, hear
from central.channels.models import Gateway
from central.complaints.numbers import grouped
from central.evidence.store import store
from central.outbox.webhook import receiver_key, signed
from central.reports.keeping import MAX_PHOTOS
from central.reports.limits import TooMany

CLOCKS_DIFFER = timedelta(minutes=5)
"""An older signature could have been overheard."""


class Unsigned(Exception):  # noqa: N818 — what it is
    """It does not come from the gateway; the text says what is wrong."""


class Said(BaseModel):
    """The document. `sender` is the citizen's telephone number or account, which the gateway vouches for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=100)]
    text: Annotated[str, Field(max_length=4000)] = ""
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    photos: Annotated[list[str], Field(max_length=MAX_PHOTOS)] = []
    """Base64. The whole document has at most 2 MB: gateways send photos made smaller."""

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon go together")
        return self

    def pictures(self) -> list[bytes]:
        """Decoded.

        Raises:
            ValueError: not base64.
        """
        return [base64.b64decode(photo, validate=True) for photo in self.photos]


@csrf_exempt  # the signature is the right
@require_POST
def take(request: HttpRequest, name: str) -> HttpResponse:
    """202: taken, and answered through the gateway's own address. Handed in again with the same `webhook-id` it changes
    nothing."""
    gateway = Gateway.objects.filter(pk=name, active=True).first()
    now = timezone.now()
    try:
        message_id = checked(request, gateway, now)
        said = Said.model_validate_json(request.body)
        heard = Heard(name, said.sender, message_id, said.text, said.pictures(), said.lat, said.lon)
        report = hear(heard, now, store())
    except Unsigned as reason:
        return _problem(403, str(reason))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return _problem(400, f"{'.'.join(str(part) for part in first['loc']) or 'body'}: {first['msg']}")
    except ValueError as error:  # not base64
        return _problem(400, f"photos: {error}")
    except TooMany:
        return _problem(429, "this sender writes too much; drop the message")
    return JsonResponse({"report": None if report is None else grouped(report.tracking)}, status=202)


def checked(request: HttpRequest, gateway: Gateway | None, now: datetime) -> str:
    """The message's id, once its signature is found right (standardwebhooks.com).

    Raises:
        Unsigned: no such gateway, no or a wrong signature, or an old one. Nobody is told which gateways there are.
    """
    message_id = request.headers.get("webhook-id", "")[:200]
    stamp = request.headers.get("webhook-timestamp", "")
    given = request.headers.get("webhook-signature", "").split()
    if not message_id or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12) or not given:
        raise Unsigned("webhook-id, webhook-timestamp and webhook-signature are needed")
    if abs(now.timestamp() - int(stamp)) > CLOCKS_DIFFER.total_seconds():
        raise Unsigned("webhook-timestamp: too far from now; set the clock")
    key = receiver_key(settings.WEBHOOK_SECRET, gateway.address if gateway is not None else "nobody")
    moment = datetime.fromtimestamp(int(stamp), tz=now.tzinfo)
    expected = signed(key, message_id, moment, request.body)["webhook-signature"]
    if gateway is None or not any(hmac.compare_digest(expected, one) for one in given):
        raise Unsigned("webhook-signature: not that of this gateway's key")
    return message_id


def _problem(status: int, detail: str) -> HttpResponse:
    """RFC 9457."""
    body = {"type": "about:blank", "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")
