"""How people of the staff are called on a page."""

from django import template

from central.desks import people

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    """The word for a role, by its code."""
    return str(people.ROLE_NAMES.get(role, role))


@register.filter
def browser_name(user_agent: str) -> str:
    """A browser's name out of what it says of itself."""
    return people.browser_name(user_agent)
