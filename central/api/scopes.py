"""What a token may be used for. Its owner's role decides beside it: a scope never shows more than the owner may see."""

from enum import StrEnum


class Scope(StrEnum):
    """The value stands in tokens, in the description and in refusals."""

    COMPLAINTS_READ = "complaints:read"
    INCIDENTS_READ = "incidents:read"
    REPORTS_READ = "reports:read"
    REPORTS_WRITE = "reports:write"
    WEBHOOKS = "webhooks"


MEANINGS: dict[Scope, str] = {
    Scope.COMPLAINTS_READ: "complaints as the owner's desk shows them, instead of what is public",
    Scope.INCIDENTS_READ: "incidents that the owner may see",
    Scope.REPORTS_READ: "citizens' reports about those incidents, without who sent them",
    Scope.REPORTS_WRITE: "send citizens' reports",
    Scope.WEBHOOKS: "manage the owner's own webhooks",
}
