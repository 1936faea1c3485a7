"""What the pages say about the staff: roles, browsers."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from central.accounts.roles import Role

ROLE_NAMES: Mapping[str, Promise] = {
    Role.ADMIN: pgettext_lazy("role", "administrator"),
    Role.OPERATOR: pgettext_lazy("role", "operator"),
    Role.HEAD: pgettext_lazy("role", "head of an agency"),
    Role.OFFICER: pgettext_lazy("role", "officer of an agency"),
    Role.AUDITOR: pgettext_lazy("role", "auditor"),
    Role.PUBLIC: pgettext_lazy("role", "no role"),
}

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"))


def browser_name(user_agent: str) -> str:
    """Chrome, Android: enough to know one's own again."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in (*_SYSTEMS, ("Linux", "Linux")) if sign in user_agent), "")
    first_word = re.match(r"[\w.-]+", user_agent)
    known = [part for part in (browser, system) if part]
    return ", ".join(known) or (first_word[0] if first_word else str(_("unknown browser")))
