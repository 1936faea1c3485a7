"""Saying no to an actor."""


class Refused(Exception):  # noqa: N818 — what the actor is told
    """The action does not fit actor, state, guard or what was filled in; the text is for the actor, in the actor's
    language."""
