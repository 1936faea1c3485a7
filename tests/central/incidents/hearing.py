"""Events and their consequences, in one go."""

from datetime import datetime

from central.clockwork.tick import tick
from central.incidents.models import Incident
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from central.intake.handling import handle_reports
from central.intake.subscription import Message
from contract.kinds import CameraState
from contract.reports import CameraStatus
from contract.topics import CameraTopic
from tests.central.fakebox import FakeBox
from tests.central.moments import at


def hear(*messages: Message, now: datetime) -> None:
    """Commits and applies."""
    commit_events(list(messages), now)
    while apply_pending(now):
        pass


def camera_is(box: FakeBox, state: CameraState, seconds: float) -> None:
    """The box tells how a camera's stream is, and a second later the clock comes round."""
    status = CameraStatus(state=state, since=at(seconds), reason="as told")
    handle_reports([Message(CameraTopic(box.id, box.camera).path, status.to_bytes())], at(seconds))
    tick(at(seconds + 1))


def the_incident(**which: object) -> Incident:
    """The only one."""
    return Incident.objects.get(**which)
