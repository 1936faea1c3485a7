"""What the audit trail calls things. A new kind of setting adds its words here."""

from django.utils.translation import gettext_lazy as _

TOPICS = {
    "agency": _("agency"),
    "contact": _("contact"),
    "area": _("area"),
    "rules": _("routing rules"),
    "kind": _("opening policy"),
    "user": _("login"),
    "service": _("service policy"),
    "calendar": _("working calendar"),
    "camera": _("camera"),
    "permit": _("vending permit"),
    "token": _("API token"),
}

ACTIONS = {
    "add": _("added"),
    "change": _("changed"),
    "remove": _("removed"),
    "import": _("imported"),
    "activate": _("put into force"),
    "draft": _("drafted"),
    "discard": _("discarded"),
    "link": _("password link made"),
    "revoke": _("revoked"),
}
