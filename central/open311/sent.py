"""A posted request as a citizen's report."""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict

from central.open311 import attributes, services
from central.open311.documents import NOT_XML
from central.open311.faults import Fault, Faults, wrong
from central.open311.models import ApiKey
from central.reports.models import MAX_DESCRIPTION, Report
from central.reports.taking import Sent

MAX_ADDRESS = 300
MAX_NAME = 100
MAX_PHONE = 40
MAX_ACCOUNT = 100
MAX_URL = 500

Value = TypeVar("Value")


def read(form: QueryDict, key: ApiKey) -> Sent:
    """Checks everything before anything is kept.

    Raises:
        central.open311.faults.Fault: there is no such service.
        central.open311.faults.Faults: all else that is wrong, each naming the parameter or the attribute's code.
    """
    code = form.get("service_code", "").strip()
    if not code:
        raise wrong("service_code", "is missing")
    services.known(code)
    reading = _Reading(form)
    lat, lon = reading.value(_position, (None, None))
    address = reading.text("address_string", MAX_ADDRESS)
    if lat is None and not address and not reading.faults:
        missing = "address_id is not known here; " if form.get("address_id", "").strip() else ""
        reading.faults.append(wrong("lat, long", f"{missing}send lat and long, or address_string"))
    contact = _contact(reading)
    account = next((text for name in ACCOUNTS if (text := reading.text(name, MAX_ACCOUNT))), "")
    sent = Sent(
        kind=code,
        channel=Report.Channel.OPEN311,
        sender=_sender(form, contact, account, key),
        description=reading.text("description", MAX_DESCRIPTION),
        address=address,
        lat=lat,
        lon=lon,
        contact=contact,
        attributes=_attributes(reading, code),
        media_url=reading.value(_media_url, ""),
    )
    if reading.faults:
        raise Faults(reading.faults)
    return sent


ACCOUNTS = ("account_id", "device_id")


class _Reading:
    """Goes on after a fault, so that all of them are told at once."""

    def __init__(self, form: QueryDict) -> None:
        self.form = form
        self.faults: list[Fault] = []

    def value(self, read_it: Callable[[QueryDict], Value], otherwise: Value) -> Value:
        try:
            return read_it(self.form)
        except Fault as fault:
            self.faults.append(fault)
        except Faults as several:
            self.faults += several.faults
        return otherwise

    def text(self, parameter: str, longest: int) -> str:
        text = NOT_XML.sub("", self.form.get(parameter, "")).strip()
        if len(text) > longest:
            self.faults.append(wrong(parameter, f"at most {longest} characters"))
            return ""
        return text


def _position(form: Mapping[str, str]) -> tuple[float | None, float | None]:
    read_both: list[float | None] = []
    faults: list[Fault] = []
    for parameter, limit in (("lat", 90.0), ("long", 180.0)):
        try:
            read_both.append(_degrees(form, parameter, limit))
        except Fault as fault:
            faults.append(fault)
    if faults:
        raise Faults(faults)
    lat, lon = read_both
    if (lat is None) != (lon is None):
        raise wrong("lat" if lat is None else "long", "is missing beside the other one")
    return lat, lon


def _degrees(form: Mapping[str, str], parameter: str, limit: float) -> float | None:
    text = form.get(parameter, "").strip()
    if not text:
        return None
    remedy = f"decimal degrees (WGS 84) between -{limit:.0f} and {limit:.0f}"
    try:
        value = float(text)
    except ValueError as error:
        raise wrong(parameter, remedy) from error
    if not isfinite(value) or abs(value) > limit:
        raise wrong(parameter, remedy)
    return value


def _media_url(form: Mapping[str, str]) -> str:
    """A link as text: fetching it would let anybody make this server call any address."""
    text = NOT_XML.sub("", form.get("media_url", "")).strip()
    if not text:
        return ""
    fault = wrong("media_url", f"an http or https address of at most {MAX_URL} characters, without a login")
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError as error:
        raise fault from error
    if not is_address or len(text) > MAX_URL or any(sign.isspace() for sign in text):
        raise fault
    return text


def _attributes(reading: _Reading, service: str) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for one in attributes.posted(dict(reading.form.lists()), service):
        if isinstance(one, Fault):
            reading.faults.append(one)
        else:
            kept[one[0]] = one[1]
    return kept


def _contact(reading: _Reading) -> dict[str, str]:
    names = (reading.text("first_name", MAX_NAME), reading.text("last_name", MAX_NAME))
    email = reading.text("email", 254)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            reading.faults.append(wrong("email", "is not an e-mail address"))
    given = {
        "name": " ".join(name for name in names if name),
        "email": email,
        "phone": reading.text("phone", MAX_PHONE),
    }
    return {name: value for name, value in given.items() if value}


def _sender(form: Mapping[str, str], contact: Mapping[str, str], account: str, key: ApiKey) -> str:
    """A key speaks for many: whoever of them gave a way to be told apart is told apart."""
    if "email" in contact:
        return f"email:{contact['email'].lower()}"
    if "phone" in contact:
        return f"phone:{''.join(sign for sign in contact['phone'] if sign.isdigit() or sign == '+')}"
    if account:
        parameter = ACCOUNTS[0] if form.get(ACCOUNTS[0], "").strip() else ACCOUNTS[1]
        return f"{parameter}:{key.pk}:{account}"
    return f"key:{key.pk}"
