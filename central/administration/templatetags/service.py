"""How promises and working hours are called on a page."""

from django import template

from central.administration.service_forms import DAY_NAMES, TARGET_NAMES, WALL_CLOCK
from central.service.models import WorkCalendar

register = template.Library()


@register.filter
def counted_by(calendar: WorkCalendar | None) -> str:
    """The calendar's name, or that every hour counts."""
    return str(WALL_CLOCK) if calendar is None else f"{calendar.name} ({calendar})"


@register.filter
def day_name(day: str) -> str:
    """mon → Monday."""
    return str(DAY_NAMES.get(day, day))


@register.filter
def target(code: str) -> str:
    """Which deadline a step is of."""
    return str(TARGET_NAMES.get(code, code))
