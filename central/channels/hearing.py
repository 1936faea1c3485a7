"""One message of a citizen, however it came: understood as a report, a question or a farewell, and answered once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from central.channels.models import Received
from central.channels.speaking import answer
from central.complaints.numbers import grouped
from central.evidence.store import EvidenceStore
from central.following.joining import follow
from central.following.letters import PREFIX, link
from central.following.models import EMAIL, Follower
from central.outbox.models import Outgoing
from central.outbox.posting import post
from central.reports import keeping, limits, wording
from central.reports.models import MAX_DESCRIPTION, Photo, Report
from central.reports.photos import BadPhoto
from central.reports.taking import Sent, Taken, take

FAREWELLS = frozenset({"stop", "berhenti", "unsub", "unreg", "off"})


@dataclass(frozen=True, slots=True)
class Heard:
    """A message. `via` is `email` or a gateway's name, `id` its own name there; a position has both parts."""

    via: str
    sender: str
    id: str
    text: str
    photos: Sequence[bytes] = ()
    lat: float | None = None
    lon: float | None = None
    subject: str = ""

    @property
    def key(self) -> str:
        """The same for the same message."""
        return f"{self.via}:{sha256(self.id.encode()).hexdigest()[:40]}"


def hear(heard: Heard, now: datetime, store: EvidenceStore) -> Report | None:
    """The report it was, if it was one. Handed in again it changes nothing and is answered no more.

    Raises:
        central.reports.limits.TooMany: this contact sends too much.
    """
    if Received.objects.filter(pk=heard.key).exists():
        return None
    limits.use([(limits.BY_CONTACT, f"{heard.via}:{heard.sender}")], now)
    with translation.override(settings.LANGUAGE_CODE):
        photos, complaints = _photos(heard, now, store)
        with transaction.atomic():
            # A message handed in twice at once waits here for the first one.
            fresh = Received(key=heard.key, time=now)
            Received.objects.bulk_create([fresh], ignore_conflicts=True)
            found = Received.objects.select_for_update().get(pk=heard.key)
            if found.time != now:
                return None
            found.report = _understood(heard, photos, complaints, now)
            found.save(update_fields=["report"])
    return found.report


def _understood(heard: Heard, photos: Sequence[Photo], complaints: Sequence[str], now: datetime) -> Report | None:
    if heard.text.strip().casefold() in FAREWELLS:
        return _farewell(heard, now)
    sent = _sent(heard, photos)
    if isinstance(sent, str):
        return _reply(heard, (*complaints, sent), f"asked:{heard.key}", now)
    taken = take(sent, now)
    keeping.attach(photos, taken.report)
    _reply(heard, (*complaints, *_thanks(heard, taken, now)), f"report-{taken.report.pk}", now)
    return taken.report


def _sent(heard: Heard, photos: Sequence[Photo]) -> Sent | str:
    """The report, or what is missing for one."""
    words = f"{heard.subject}\n{heard.text}"
    kind = wording.kind_in(words)
    if kind is None:
        return _(
            "Which problem is it? Please send it again with one of these words: banjir, macet, parkir liar, PKL. Or "
            "report here: %(link)s"
        ) % {"link": settings.PAGES_URL + reverse("report-form")}
    position = _position(heard, photos)
    address = wording.address_in(words)
    if position is None and not address:
        return _(
            "Where is it? Please send it again with the place, for example “Lokasi: Jl. Merdeka 5”, or with a photo "
            "that knows its place. Or report here: %(link)s"
        ) % {"link": settings.PAGES_URL + reverse("report-form")}
    lat, lon = position or (None, None)
    is_mail = heard.via == EMAIL
    return Sent(
        kind=kind.value,
        channel=Report.Channel.EMAIL if is_mail else Report.Channel.GATEWAY,
        sender=f"email:{heard.sender}" if is_mail else f"{heard.via}:{heard.sender}",
        description=words.strip()[:MAX_DESCRIPTION],
        address=address,
        lat=lat,
        lon=lon,
        contact={"email": heard.sender} if is_mail else {"phone": heard.sender, "gateway": heard.via},
    )


def _position(heard: Heard, photos: Sequence[Photo]) -> tuple[float, float] | None:
    """Sent with it, written in it, else where its first photo was taken."""
    if heard.lat is not None and heard.lon is not None:
        return heard.lat, heard.lon
    if written := wording.position_in(heard.text):
        return written
    return next(((one.lat, one.lon) for one in photos if one.lat is not None and one.lon is not None), None)


def _thanks(heard: Heard, taken: Taken, now: datetime) -> list[str]:
    code = grouped(taken.report.tracking)
    known = _("This is known already, to a camera or to others: your report was added to it.")
    lines = [_("Thank you. Your report was taken. Tracking number: %(code)s") % {"code": code}]
    lines += [known] if taken.known and not taken.repeated else []
    lines.append(settings.PAGES_URL + reverse("reported", args=[code]))
    # A gateway vouches for its numbers; the sender of an e-mail can be anybody.
    is_mail = heard.via == EMAIL
    follower = follow(taken.report.incident, heard.sender, now, via=heard.via, is_known=not is_mail, asks=False)
    if follower.state == Follower.State.FOLLOWING:
        return lines if is_mail else [*lines, _("We will write when something happens. STOP ends that.")]
    return [*lines, "", _("To be told of each step by e-mail, please confirm here:"), link(follower)]


def _farewell(heard: Heard, now: datetime) -> None:
    standing = Follower.objects.filter(via=heard.via, address=heard.sender).exclude(state=Follower.State.STOPPED)
    standing.update(state=Follower.State.STOPPED, changed=now)
    _reply(heard, [_("You will hear no more of your reports.")], f"farewell:{heard.key}", now)


def _reply(heard: Heard, lines: Sequence[str], about: str, now: datetime) -> None:
    """Once for each `about`; not at all when this address was answered too often: it may be somebody else's."""
    key = f"{PREFIX}reply:{about}:{sha256(f'{heard.via}:{heard.sender}'.encode()).hexdigest()[:24]}"
    if Outgoing.objects.filter(key=key).exists():
        return
    try:
        limits.use([(limits.LETTERS_BY_CONTACT, f"{heard.via}:{heard.sender}")], now)
    except limits.TooMany:
        return
    answers = heard.id if heard.via == EMAIL else ""
    subject = f"Re: {heard.subject}"[:150] if heard.subject else _("Your report")
    post([answer(heard.via, heard.sender, lines, key, subject=subject, answers=answers)], now)


def _photos(heard: Heard, now: datetime, store: EvidenceStore) -> tuple[list[Photo], list[str]]:
    """Drafts of what can be read, and what to say of the rest."""
    kept, complaints = [], []
    for original in heard.photos[: keeping.MAX_PHOTOS]:
        try:
            kept.append(keeping.keep(original, now, store))
        except BadPhoto as refusal:
            complaints.append(str(refusal))
    return kept, complaints
