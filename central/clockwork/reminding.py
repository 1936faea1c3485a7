"""Reminders: once a step of the service policy is reached, those who are to know are written to."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Q

from central.clock.policy import Step
from central.clockwork.letters import email, event
from central.complaints.deadlines import Story, first_after, story_of
from central.complaints.models import Complaint
from central.feed.models import Change, record
from central.outbox.models import Channel, Contact
from central.outbox.posting import Post, post

BATCH = 200

log = structlog.get_logger()


def remind(now: datetime) -> int:
    """Writes what is due, one transaction a complaint; one that fails delays no other. Returns how many complaints."""
    reminded = 0
    for pk in Complaint.objects.filter(next_step__lte=now).order_by("next_step").values_list("pk", flat=True)[:BATCH]:
        try:
            reminded += _remind_one(pk, now)
        except DatabaseError:
            raise
        except Exception:
            log.exception("reminder could not be written; trying again", complaint=pk)
    return reminded


@transaction.atomic
def _remind_one(pk: int, now: datetime) -> bool:
    complaint = Complaint.objects.select_for_update(skip_locked=True).filter(pk=pk, next_step__lte=now).first()
    if complaint is None or complaint.next_step is None:
        return False  # another worker has it, or had it
    story = story_of(complaint)
    reached = [(moment, step) for moment, step in story.steps() if complaint.next_step <= moment <= now]
    post(posts(complaint, story, reached), now)
    complaint.next_step = first_after(story, now)
    complaint.save(update_fields=["next_step"])
    record(Change.Topic.COMPLAINT, complaint.pk, "reminded", now)
    return True


def posts(complaint: Complaint, story: Story, reached: Iterable[tuple[datetime, Step]]) -> Iterator[Post]:
    """One for each contact that hears of the step's level: of the agency that holds the complaint, and of the city."""
    holder = story.entries[-1].holder
    to_know = Q(agency=holder) | Q(agency__isnull=True)
    contacts = list(Contact.objects.filter(to_know, active=True).order_by("level", "pk"))
    for moment, step in reached:
        for contact in contacts:
            if contact.level <= step.level:
                content = email(complaint, step) if contact.channel == Channel.EMAIL else event(complaint, step, moment)
                yield Post(_key(complaint, holder, step, moment, contact), contact.channel, contact.address, content)


def _key(complaint: Complaint, holder: str, step: Step, moment: datetime, contact: Contact) -> str:
    # With the moment: a complaint that was sent back may reach the same step once more, and that is news.
    about = f"{complaint.number}:{holder}:{step.of}:{step.percent}:{moment:%Y%m%dT%H%M%S}"
    return f"reminder:{about}:{contact.pk}"
