"""A town that things happen in: boxes that send real messages to the intake's own functions.

Run as a process of its own (`python -m tests.browser.town`), it takes one JSON command a line and answers each with a
line when it is committed: Django's ORM and Playwright's event loop do not go into one thread.
"""

import json
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.commands import StillReply
from contract.events import EpisodeData, EpisodeEvent, EventType, Location, Measures
from contract.evidence import Manifest, SignedManifest, public_key_text
from contract.ids import new_epoch, sha256_of
from contract.kinds import BoxState, CameraState, Closing, EvidenceRole, IncidentKind, Phase, Severity
from contract.reports import BoxInfo, BoxStatus, CameraInfo, CameraStatus
from contract.topics import EventTopic
from tests.browser.drawing import street

if TYPE_CHECKING:
    from central.accounts.roles import Actor

CAMERAS = {
    "simpang-balai": ("Simpang Balai Kota", -2.1291, 106.1138),
    "jl-merdeka": ("Jl. Merdeka depan pasar", -2.1312, 106.1101),
    "bundaran": ("Bundaran Timah", -2.1277, 106.1189),
}
SCENES: dict[str, dict[str, Any]] = {
    "jam": {
        "camera": "simpang-balai",
        "place": "jl-jenderal-sudirman:utara",
        "reason": "mean speed 4 km/h over 40 s, 46 % of the zone occupied by 14 vehicles",
        "measures": Measures(speed_kmh=4.2, occupancy=0.46, vehicles=14, queue_m=85, duration_s=140),
        "picture": street(3, cars=30),
    },
    "flood": {
        "camera": "jl-merdeka",
        "place": "jl-merdeka:selatan",
        "reason": "water over 52 % of the roadway for 4 minutes",
        "measures": Measures(water_share=0.52, depth_class="10-30 cm", duration_s=260),
        "picture": street(8, cars=5, water=True),
    },
    "vending": {
        "camera": "jl-merdeka",
        "place": "jl-merdeka:trotoar",
        "reason": "a cart with a person attending, still for 11 minutes",
        "measures": Measures(dwell_s=660),
        "picture": street(12, cars=7),
    },
    "parking": {
        "camera": "bundaran",
        "place": "jl-depati-amir:barat",
        "reason": "a car still for 12 minutes where none may stop",
        "measures": Measures(dwell_s=720),
        "picture": street(21, cars=9),
    },
}


@dataclass
class Town:
    """One box with three cameras."""

    box: str = "pgk-01"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    epoch: str = field(default_factory=new_epoch)
    seq: int = 0
    episodes: dict[str, tuple[UUID, datetime]] = field(default_factory=dict)

    def build(self) -> str:
        """Enrols the box and lets it tell of itself."""
        from central.boxes import reports
        from central.boxes.enrolment import enrol

        now = datetime.now(UTC)
        enrol(self.box, public_key_text(self.key.public_key()), now, site="Pangkalpinang")
        cameras = tuple(
            CameraInfo(id=code, name=name, location=Location(lat=lat, lon=lon))
            for code, (name, lat, lon) in CAMERAS.items()
        )
        models = {"street": "a" * 64}
        reports.note_info(
            self.box, BoxInfo(site="Pangkalpinang", software="sigap 0.1.0", models=models, cameras=cameras), now
        )
        for code in CAMERAS:
            self.camera(code, "streaming", "")
        self.beat()
        return "built"

    def beat(self) -> str:
        """A heartbeat; the interval is long, so that the box stays online while tests look at it."""
        from central.boxes.reports import note_status

        now = datetime.now(UTC)
        status = BoxStatus(state=BoxState.ONLINE, boxtime=now, interval_s=600, epoch=self.epoch, outbox_age_s=0)
        note_status(self.box, status, now, retained=False)
        return "beats"

    def leave(self) -> str:
        """The box goes offline, until it beats again."""
        from central.boxes.reports import mark_offline

        mark_offline(self.box, datetime.now(UTC))
        return "offline"

    def show(self, camera: str) -> str:
        """Answers the next wish for a still of a camera, as soon as there is one; who asked too soon after another gets
        that one's answer, and there is nothing to do."""
        from central.evidence.arriving import accept
        from central.evidence.store import store
        from central.stills.answers import hear_still
        from central.stills.asking import SHARED_FOR, commands
        from central.stills.models import Still

        began, until = datetime.now(UTC), time.monotonic() + 8
        while not (due := [each for each in commands(datetime.now(UTC)) if each.command.camera == camera]):
            if time.monotonic() > until:
                shared = Still.objects.filter(camera__code=camera, asked__gt=began - SHARED_FOR)
                if shared.filter(answered__isnull=False).exists():
                    return "shown before"
                raise TimeoutError(f"nobody asked for a still of {camera}")
            time.sleep(0.1)
        now, picture = datetime.now(UTC), street(51, cars=9)
        signed = self._signed(picture, EvidenceRole.ASKED, camera, now)
        reply = StillReply(action="still", id=due[0].command.id, camera=camera, time=now, evidence=(signed,))
        hear_still(self.box, reply, now)
        accept(self.box, signed.manifest.sha256, picture, now, store())
        return "shown"

    def take_over(self, camera: str) -> str:
        """The box runs what was decided about a camera; returns the settings as JSON."""
        from central.boxes.desired.publishing import desired_due
        from central.boxes.reports import note_info, note_status

        now = datetime.now(UTC)
        (due,) = desired_due(now)
        settings = due.desired.cameras[camera]
        written = settings.model_dump(mode="json", exclude_defaults=True)
        more = {"config": settings.digest(), "settings": written}
        cameras = tuple(
            CameraInfo(id=code, name=name, location=Location(lat=lat, lon=lon), **more)
            for code, (name, lat, lon) in CAMERAS.items()
        )
        note_info(self.box, BoxInfo(site="Pangkalpinang", software="sigap 0.1.0", models={}, cameras=cameras), now)
        status = BoxStatus(
            state=BoxState.ONLINE, boxtime=now, interval_s=600, epoch=self.epoch, desired=due.desired.version
        )
        note_status(self.box, status, now, retained=False)
        return json.dumps(written)

    def camera(self, code: str, state: str, reason: str) -> str:
        """A camera's stream changes its state."""
        from central.boxes.reports import note_camera

        now = datetime.now(UTC)
        note_camera(self.box, code, CameraStatus(state=CameraState(state), since=now, reason=reason), now)
        return state

    def begin(self, scene: str, ago_s: float = 150, severity: int = 2, still: bool = True) -> str:
        """A problem opens; its complaint too, as soon as the policy says so. Returns the complaint's number."""
        from central.complaints.models import Complaint
        from central.incidents.models import Incident

        began = datetime.now(UTC) - timedelta(seconds=ago_s)
        # What the test before left behind was over long ago: otherwise this would be the same incident again.
        Incident.objects.filter(cleared__isnull=False).update(cleared=began - timedelta(days=1))
        self.episodes[scene] = (uuid4(), began)
        self._step(scene, EventType.OPENED, began, EvidenceRole.OPENED if still else None, severity)
        newest = Complaint.objects.filter(kind=scene).order_by("-pk").first()
        return "" if newest is None else newest.number

    def end(self, scene: str) -> str:
        """The camera sees that it is gone."""
        self._step(scene, EventType.CLOSED, datetime.now(UTC), EvidenceRole.CLOSED, 2)
        del self.episodes[scene]
        return "closed"

    def tidy(self) -> str:
        """Everything that is still going on comes to its end, so that the next test begins with nothing."""
        from central.complaints import deciding
        from central.complaints.models import Complaint
        from central.complaints.transitions import TRANSITIONS
        from central.incidents.models import Incident

        self.quicken(0)
        for scene in list(self.episodes):
            self.end(scene)
        for complaint in Complaint.objects.filter(ended__isnull=True):
            for action in ("start", "report_done", "accept"):
                if Complaint.objects.get(pk=complaint.pk).state in TRANSITIONS[action].sources:
                    self._act(complaint.number, action)
        told = Incident.objects.filter(state__in=Incident.OPEN_STATES, camera=None, complaint_opened=None)
        for pk in told.values_list("pk", flat=True):  # what only citizens told of
            deciding.reject(pk, self._admin(), "sudah beres", datetime.now(UTC))
        return "tidy"

    def garbage(self) -> str:
        """A message that nobody can read."""
        from central.intake.committing import commit_events
        from central.intake.subscription import Message

        self.seq += 1
        payload = b'{"specversion": "1.0", "type": "id.sigap.episode.opened.v1", "data": {"kind": "earthquake"}}'
        commit_events([Message(EventTopic(self.box, self.epoch, self.seq).path, payload)], datetime.now(UTC))
        self._settle()
        return "garbage"

    def quicken(self, hold_s: int) -> str:
        """How long an incident is held open after the last camera saw it."""
        from central.incidents.models import Policy

        Policy.objects.update(hold_s=hold_s)
        return str(hold_s)

    def wait(self, seconds: float) -> str:
        """Lets time pass and the clock come round."""
        time.sleep(seconds)
        self._settle()
        return "waited"

    def work(self, number: str) -> str:
        """Somebody starts work on a complaint."""
        return self._act(number, "start")

    def step(self, number: str, action: str) -> str:
        """Any step of the workflow, by the staff."""
        return self._act(number, action)

    def letters(self, address: str) -> str:
        """What waits to be sent to this address, oldest first, as JSON."""
        from central.outbox.models import Outgoing

        waiting = Outgoing.objects.filter(address=address).order_by("pk")
        return json.dumps(list(waiting.values_list("content", flat=True)))

    def _act(self, number: str, action: str) -> str:
        from central.complaints.models import Complaint
        from central.complaints.workflow import act

        pk = Complaint.objects.get(number=number).pk
        return str(act(pk, action, self._admin(), datetime.now(UTC), note="sudah beres").state)

    def _admin(self) -> "Actor":
        from central.accounts.roles import Actor, Role

        return Actor(role=Role.ADMIN, name="siti")

    def stray(self) -> str:
        """From now on no rule answers for parking."""
        from central.routing.models import Rule, Stamp

        Rule.objects.filter(kind="parking").update(active=False)
        Stamp.renew()
        return "stray"

    def _step(self, scene: str, step: EventType, looked: datetime, role: EvidenceRole | None, severity: int) -> None:
        from central.evidence.arriving import accept
        from central.evidence.store import store
        from central.intake.committing import commit_events
        from central.intake.subscription import Message

        about = SCENES[scene]
        episode, began = self.episodes[scene]
        picture = about["picture"] if role is EvidenceRole.OPENED else street(40, cars=4)
        evidence = () if role is None else (self._signed(picture, role, about["camera"], looked),)
        closed = step is EventType.CLOSED
        self.seq += 1
        event = EpisodeEvent.make(
            type=step,
            box=self.box,
            camera=about["camera"],
            episode=episode,
            epoch=self.epoch,
            seq=self.seq,
            time=looked,
            boxtime=looked,
            data=EpisodeData(
                kind=IncidentKind(scene),
                zone="utara",
                place=about["place"],
                phase=Phase.CLOSED if closed else Phase.CONFIRMED,
                closing=Closing.CLEARED if closed else None,
                began=began,
                severity=Severity(severity),
                confidence=0.91,
                reason=about["reason"],
                measures=about["measures"],
                location=Location(lat=CAMERAS[about["camera"]][1], lon=CAMERAS[about["camera"]][2]),
                evidence=evidence,
                models={"street": "a" * 64},
                config="file:0123",
            ),
        )
        commit_events([Message(EventTopic(self.box, self.epoch, self.seq).path, event.to_bytes())], datetime.now(UTC))
        for signed in evidence:
            accept(self.box, signed.manifest.sha256, picture, datetime.now(UTC), store())
        self._settle()

    def _settle(self) -> None:
        from central.clockwork.tick import tick
        from central.intake.applying import apply_pending

        while apply_pending(datetime.now(UTC)):
            pass
        tick(datetime.now(UTC))

    def _signed(self, picture: bytes, role: EvidenceRole, camera: str, looked: datetime) -> SignedManifest:
        manifest = Manifest(
            sha256=sha256_of(picture),
            size=len(picture),
            media_type="image/jpeg",
            role=role,
            box=self.box,
            camera=camera,
            time=looked,
            models={"street": "a" * 64},
            config="file:0123",
        )
        return SignedManifest.sign(manifest, self.key)


def main() -> None:
    """Reads {"do": name, …} lines from stdin."""
    import django

    django.setup()
    town = Town()
    print("ready", flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        print(json.dumps({"answer": getattr(town, command.pop("do"))(**command)}), flush=True)


if __name__ == "__main__":
    main()
