"""A posted request as a citizen's report."""

from collections.abc import Mapping
from math import isfinite

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from central.open311 import services
from central.open311.documents import NOT_XML
from central.open311.faults import wrong
from central.open311.models import ApiKey
from central.reports.models import MAX_DESCRIPTION, Report
from central.reports.taking import Sent

MAX_ADDRESS = 300
MAX_NAME = 100
MAX_PHONE = 40
MAX_ACCOUNT = 100
ATTRIBUTE = "attribute["


def read(form: Mapping[str, str], key: ApiKey) -> Sent:
    """Checks everything before anything is kept.

    Raises:
        central.open311.faults.Fault: naming the parameter or the attribute's code.
    """
    code = form.get("service_code", "").strip()
    if not code:
        raise wrong("service_code", "is missing")
    services.known(code)
    for name in form:
        if name.startswith(ATTRIBUTE):
            attribute = name.removeprefix(ATTRIBUTE).partition("]")[0]
            raise wrong(f"attribute {attribute[:40]}", f"service {code} has no attributes")
    lat, lon = _position(form)
    address = _text(form, "address_string", MAX_ADDRESS)
    if lat is None and not address:
        missing = "address_id is not known here; " if form.get("address_id", "").strip() else ""
        raise wrong("lat, long", f"{missing}send lat and long, or address_string")
    contact = _contact(form)
    return Sent(
        kind=code,
        channel=Report.Channel.OPEN311,
        sender=_sender(form, contact, key),
        description=_text(form, "description", MAX_DESCRIPTION),
        address=address,
        lat=lat,
        lon=lon,
        contact=contact,
    )


def _position(form: Mapping[str, str]) -> tuple[float | None, float | None]:
    lat, lon = _degrees(form, "lat", 90), _degrees(form, "long", 180)
    if (lat is None) != (lon is None):
        raise wrong("lat" if lat is None else "long", "is missing beside the other one")
    return lat, lon


def _degrees(form: Mapping[str, str], parameter: str, limit: float) -> float | None:
    text = form.get(parameter, "").strip()
    if not text:
        return None
    remedy = f"decimal degrees (WGS 84) between -{limit} and {limit}"
    try:
        value = float(text)
    except ValueError as error:
        raise wrong(parameter, remedy) from error
    if not isfinite(value) or abs(value) > limit:
        raise wrong(parameter, remedy)
    return value


def _contact(form: Mapping[str, str]) -> dict[str, str]:
    names = (_text(form, "first_name", MAX_NAME), _text(form, "last_name", MAX_NAME))
    email = _text(form, "email", 254)
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise wrong("email", "is not an e-mail address") from error
    given = {
        "name": " ".join(name for name in names if name),
        "email": email,
        "phone": _text(form, "phone", MAX_PHONE),
    }
    return {name: value for name, value in given.items() if value}


def _sender(form: Mapping[str, str], contact: Mapping[str, str], key: ApiKey) -> str:
    """A key speaks for many: whoever of them gave a way to be told apart is told apart."""
    if "email" in contact:
        return f"email:{contact['email'].lower()}"
    if "phone" in contact:
        return f"phone:{''.join(sign for sign in contact['phone'] if sign.isdigit() or sign == '+')}"
    for parameter in ("account_id", "device_id"):
        if account := _text(form, parameter, MAX_ACCOUNT):
            return f"{parameter}:{key.pk}:{account}"
    return f"key:{key.pk}"


def _text(form: Mapping[str, str], parameter: str, longest: int) -> str:
    text = NOT_XML.sub("", form.get(parameter, "")).strip()
    if len(text) > longest:
        raise wrong(parameter, f"at most {longest} characters")
    return text
