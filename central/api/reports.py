"""Citizens' reports: sent by programs that speak for them, followed by whoever has the tracking number."""

from datetime import datetime
from typing import Annotated, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Header, Query, Router, Schema, Status
from pydantic import AfterValidator, ConfigDict, Field, model_validator

from central.accounts.roles import Role
from central.api.asked import Filters, checked_since, in_box, of_kinds
from central.api.gate import Bearer, caller_of
from central.api.idempotency import HEADER, LONGEST, Answer, once
from central.api.models import Token
from central.api.pages import Order, page_of
from central.api.photos import Draft, named
from central.api.scopes import Scope
from central.complaints.access import incidents_visible_to
from central.complaints.numbers import grouped, read_tracking
from central.desks.public_reports import public_report, public_reports
from central.desks.publicity import public_code
from central.open311.documents import NOT_XML
from central.open311.services import SERVICES
from central.reports import keeping
from central.reports.models import MAX_DESCRIPTION, Report
from central.reports.taking import Sent, take
from contract.kinds import IncidentKind

REPEATED = "Idempotent-Replay"
"""Header of an answer that was given before."""

router = Router()


def _readable(text: str) -> str:
    """Without the characters that neither XML nor PostgreSQL can keep."""
    return NOT_XML.sub("", text).strip()


def _email(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except ValidationError as error:
        raise ValueError("not an e-mail address") from error
    return text


Text = Annotated[str, AfterValidator(_readable)]


class Contact(Schema):
    """How to reach the citizen; shown to nobody but by the page that answers them."""

    model_config = ConfigDict(extra="forbid")

    name: Text = Field("", max_length=200)
    email: Annotated[Text, AfterValidator(_email)] = Field("", max_length=254)
    phone: Text = Field("", max_length=40)


class NewReport(Schema):
    """What a citizen tells. With a position, an address, or both."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["jam", "flood", "vending", "parking"]
    lat: float | None = Field(None, ge=-90, le=90, examples=[-6.2])
    lon: float | None = Field(None, ge=-180, le=180, examples=[106.8])
    address: Text = Field("", max_length=300)
    description: Text = Field("", max_length=MAX_DESCRIPTION)
    sender: Text = Field("", max_length=100, description="Your own id of the citizen: tells your users apart")
    contact: Contact = Field(default_factory=Contact)
    photos: list[Draft] = Field([], max_length=keeping.MAX_PHOTOS, description="What `POST photos` answered for each")

    @model_validator(mode="after")
    def _has_a_place(self) -> "NewReport":
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon go together")
        if self.lat is None and not self.address:
            raise ValueError("send lat and lon, or address")
        return self


class Receipt(Schema):
    """A report was taken."""

    tracking: str = Field(description="With it anybody can follow the report")
    repeated: bool = Field(description="The same sender sent the same before: this is the first one's number")
    known: bool = Field(description="The city knows of this problem already")
    photos: int = Field(0, description="How many the report has, with those that came before")
    url: str


class ReportItem(Schema):
    """How a report stands. Words and address are told once an operator has read them."""

    tracking: str
    kind: IncidentKind
    status: Literal["open", "closed"]
    incident_state: str
    complaint: str | None = Field(description="Tracking number of the complaint that came of it")
    complaint_state: str | None
    agency: str = Field(description="Who must act; empty while nobody must")
    description: str
    address: str
    lat: float | None
    lon: float | None
    received: datetime
    updated: datetime
    expected: datetime | None


class StaffReport(Schema):
    """A report as operators read it: without who sent it."""

    tracking: str
    kind: IncidentKind
    incident: int
    description: str = Field(description="To an agency's people empty until an operator has read it")
    address: str
    lat: float | None
    lon: float | None
    channel: str
    received: datetime
    times: int = Field(description="How often the same sender sent it")
    last_received: datetime


class ReportList(Schema):
    """`count` is of all that match, on all pages, up to 10,000; `next` is the next page's address."""

    items: list[StaffReport]
    count: int
    next: str | None


class Wanted(Filters):
    """Which reports."""


@router.post(
    "/reports",
    response={201: Receipt},
    auth=Bearer(Scope.REPORTS_WRITE),
    summary="Send a citizen's report",
    url_name="reports",
)
def send_report(
    request: HttpRequest,
    response: HttpResponse,
    new: NewReport,
    key: Annotated[str | None, Header(None, alias=HEADER, description=f"Yours, at most {LONGEST} ASCII characters")],
) -> Status:
    """A problem that is known is joined; the same from the same sender is counted, not taken twice.

    With an Idempotency-Key the same request again gets the same answer, for two days.
    """
    del key  # read by `once`; named here so that it is described
    token = caller_of(request).token
    assert token is not None
    now = timezone.now()

    def do() -> Answer:
        photos = named(new.photos, now)
        taken = take(_sent(new, token), now)
        keeping.attach(photos, taken.report)
        code = grouped(taken.report.tracking)
        return 201, {
            "tracking": code,
            "repeated": taken.repeated,
            "known": taken.known,
            "photos": taken.report.photos.count(),
            "url": request.build_absolute_uri(reverse("api-1:report", args=[code])),
        }

    (status, body), repeated = once(request, token, now, do)
    response.headers["Location"] = body["url"]
    if repeated:
        response.headers[REPEATED] = "true"
    return Status(status, body)


@router.get(
    "/reports",
    response=ReportList,
    auth=Bearer(Scope.REPORTS_READ),
    summary="Reports, newest first",
    url_name="reports",
)
def reports(request: HttpRequest, wanted: Query[Wanted]) -> ReportList:
    """Those about incidents that the caller may see."""
    actor = caller_of(request).actor
    since = checked_since(wanted.updated_since)
    found = Report.objects.filter(incident__in=incidents_visible_to(actor).values("pk")).select_related("incident")
    found = found.filter(of_kinds(wanted.kind), in_box(wanted.bbox, exactly=True))
    order = Order("received")
    if since is not None:
        found, order = found.filter(last_received__gte=since), Order("last_received", newest_first=False)
    page = page_of(request, found, order, wanted.limit, wanted.cursor)
    reads_all = actor.role in {Role.ADMIN, Role.OPERATOR}
    items = [_staff(each, is_told=reads_all or each.was_read) for each in page.rows]
    return ReportList(items=items, count=page.count, next=page.next)


@router.get("/reports/{tracking}", response=ReportItem, summary="How a report stands")
def report(request: HttpRequest, tracking: str) -> ReportItem:  # noqa: ARG001 — ninja reads the names
    """Whoever has its tracking number may know."""
    found = public_reports().filter(tracking=read_tracking(tracking)).first()
    if found is None:
        raise Http404
    told = public_report(found)
    complaint = told.complaint
    return ReportItem(
        tracking=told.code,
        kind=told.kind,
        status="closed" if told.is_closed else "open",
        incident_state=told.incident.state,
        complaint=None if complaint is None else public_code(complaint),
        complaint_state=None if complaint is None else complaint.state,
        agency="" if complaint is None else complaint.agency.short,
        description=told.description,
        address=told.address,
        lat=told.lat,
        lon=told.lon,
        received=told.received,
        updated=told.updated,
        expected=told.expected,
    )


def _sent(new: NewReport, token: Token) -> Sent:
    contact = {name: value for name, value in new.contact.dict().items() if value}
    assert new.kind in SERVICES
    return Sent(
        kind=new.kind,
        channel=Report.Channel.API,
        sender=_sender(new, token),
        description=new.description,
        address=new.address,
        lat=new.lat,
        lon=new.lon,
        contact=contact,
    )


def _sender(new: NewReport, token: Token) -> str:
    """A token speaks for many: whoever of them gave a way to be told apart is told apart."""
    if new.contact.email:
        return f"email:{new.contact.email.lower()}"
    if new.contact.phone:
        return f"phone:{''.join(sign for sign in new.contact.phone if sign.isdigit() or sign == '+')}"
    return f"token:{token.owner_id}:{new.sender}" if new.sender else f"token:{token.owner_id}"


def _staff(row: Report, *, is_told: bool) -> StaffReport:
    return StaffReport(
        tracking=grouped(row.tracking),
        kind=row.kind,
        incident=row.incident_id,
        description=row.description if is_told else "",
        address=row.address if is_told else "",
        lat=row.lat,
        lon=row.lon,
        channel=row.channel,
        received=row.received,
        times=row.times,
        last_received=row.last_received,
    )
