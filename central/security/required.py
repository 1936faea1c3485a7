"""Whose login needs a second step."""

from django.core.exceptions import ImproperlyConfigured

ROLES = ("admin", "operator", "head", "officer", "auditor")
NOBODY = "none"


def roles_from(text: str) -> frozenset[str]:
    """`admin,operator` → those roles; `none` → no one.

    Raises:
        ImproperlyConfigured: something that is no role of the staff.
    """
    named = frozenset(part.strip() for part in text.split(",") if part.strip())
    if named <= {NOBODY}:
        return frozenset()
    if unknown := named - set(ROLES):
        raise ImproperlyConfigured(
            f"SIGAP_SECOND_FACTOR: {', '.join(sorted(unknown))} is no role; name some of {', '.join(ROLES)}, or none"
        )
    return named
