"""What every template knows."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from central.accounts.authentication import actor_behind
from central.desks.access import home_of


def visitor(request: HttpRequest) -> dict[str, object]:
    """Who looks (asked only if the template wants to know) and where this visitor's desk is."""
    actor = SimpleLazyObject(lambda: actor_behind(request))
    return {"visitor": actor, "visitor_home": SimpleLazyObject(lambda: home_of(actor))}
