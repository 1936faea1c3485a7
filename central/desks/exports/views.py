"""The files behind the buttons of the lists."""

from collections.abc import AsyncIterator, Generator

import structlog
from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor
from central.complaints.access import visible_to
from central.complaints.finding import matching, read
from central.desks.access import OFFICERS, READERS, only
from central.desks.exports.formats import FORMATS
from central.desks.exports.records import records
from central.desks.filters import narrowed, read_filter
from central.desks.listing import AGENCYS_QUEUE, OPERATORS_LIST, Desk
from central.desks.paging import ordered

log = structlog.get_logger()


@require_safe
@only(*READERS)
def by_operator(request: HttpRequest, actor: Actor, form: str) -> StreamingHttpResponse:
    """Of all agencies."""
    return _file(request, actor, form, OPERATORS_LIST)


@require_safe
@only(*OFFICERS)
def by_officer(request: HttpRequest, actor: Actor, form: str) -> StreamingHttpResponse:
    """Of the own agency: what it is only informed of is another one's to give away."""
    return _file(request, actor, form, AGENCYS_QUEUE)


def _file(request: HttpRequest, actor: Actor, form: str, desk: Desk) -> StreamingHttpResponse:
    if form not in FORMATS:
        raise Http404
    wanted, now, kind = read_filter(request.GET, tuple(desk.orders)), timezone.now(), FORMATS[form]
    found = narrowed(visible_to(actor), wanted, actor, now)
    if actor.agency is not None:
        found = found.filter(agency=actor.agency)
    found = ordered(matching(found, read(wanted.text, now)), desk.orders[wanted.show])
    log.info("complaints.exported", by=actor.name, role=actor.role.value, form=form, filter=wanted.query())
    pieces = kind.write(records(found, actor.agency))
    response = StreamingHttpResponse(_sent(pieces, translation.get_language()), content_type=kind.content_type)
    name = f"sigap-{actor.agency or 'all'}-{timezone.localtime(now):%Y%m%d-%H%M}.{kind.ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _sent(pieces: Generator[str], language: str) -> AsyncIterator[bytes]:
    """Read in the request's own thread, where its database connection is; Django would gather a plain iterator
    whole before it sends the first byte."""

    def piece() -> str | None:
        with translation.override(language):
            return next(pieces, None)

    try:
        while (text := await sync_to_async(piece)()) is not None:
            yield text.encode()
    finally:
        await sync_to_async(pieces.close)()
