"""The intake as it runs: six sessions with the broker, a thread for each, and one that applies and ticks."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from central.boxes.desired.publishing import DesiredDue, desired_due
from central.clockwork.chores import chores
from central.clockwork.tick import tick
from central.evidence.store import EvidenceStore
from central.intake.applying import MAY_PASS, apply_pending
from central.intake.broker import Broker
from central.intake.committing import AckDue, commit_events
from central.intake.handling import Handler, handle_evidence, handle_reports
from central.intake.quarantine import reason_of, set_aside
from central.intake.subscription import Delivery, Message, Subscription
from central.stills.asking import commands as still_commands
from central.verification.asking import Due, commands
from contract.topics import AckTopic, CommandTopic, DesiredTopic, every_box

TICK_S = 1.0
CHORES_S = 600.0
IDLE_S = 0.5
LONGEST_PAUSE_S = 10.0

Clock = Callable[[], datetime]

log = structlog.get_logger()


class IntakeWorker:
    """Start it, and stop it; what was not finished is finished by the next one."""

    def __init__(self, broker: Broker, store: EvidenceStore, clock: Clock = timezone.now) -> None:
        self._clock = clock
        self._stopping = threading.Event()
        self._committed = threading.Event()
        self._events = Subscription(broker, "event", every_box("event/+/+"), capacity=2000)
        # Few, because each may be 768 KiB.
        self._evidence = Subscription(broker, "evidence", every_box("evidence/+"), capacity=32)
        self._reports = [
            Subscription(broker, "status", every_box("status"), capacity=1000),
            Subscription(broker, "info", every_box("info"), capacity=100),
            Subscription(broker, "camera", every_box("camera/+"), capacity=1000),
            Subscription(broker, "reply", every_box("reply"), capacity=100),
        ]

        def evidence(messages: Sequence[Message], now: datetime) -> list[AckDue]:
            return handle_evidence(messages, now, store)

        self._threads = [
            threading.Thread(target=self._pump, args=(self._events, self._commit, 500), name="intake-events"),
            threading.Thread(target=self._pump, args=(self._evidence, evidence, 8), name="intake-evidence"),
            *(
                threading.Thread(target=self._pump, args=(reports, handle_reports, 100), name=f"intake-{reports.name}")
                for reports in self._reports
            ),
            threading.Thread(target=self._apply_and_tick, args=(store,), name="intake-apply"),
        ]

    @property
    def _subscriptions(self) -> list[Subscription]:
        return [self._events, self._evidence, *self._reports]

    def start(self) -> None:
        """Returns at once; the broker may be away."""
        for thread in self._threads:
            thread.start()
        for subscription in self._subscriptions:
            subscription.start()

    def wait_until_subscribed(self, timeout_s: float) -> bool:
        """Whether every session is subscribed within the time."""
        return all(subscription.subscribed.wait(timeout_s) for subscription in self._subscriptions)

    def stop(self) -> None:
        """Waits for what is being committed; the rest stays with the broker and in the inbox."""
        self._stopping.set()
        self._committed.set()
        for subscription in self._subscriptions:
            subscription.stop()
        for thread in self._threads:
            thread.join()

    def wait(self) -> None:
        """Blocks until stopped from another thread or by a signal's exception."""
        self._stopping.wait()

    def _commit(self, messages: Sequence[Message], now: datetime) -> list[AckDue]:
        due = commit_events(messages, now)
        self._committed.set()
        return due

    def _pump(self, subscription: Subscription, handle: Handler, limit: int) -> None:
        while not self._stopping.is_set():
            batch = subscription.take(limit, IDLE_S)
            if batch:
                self._until_done(batch, handle, subscription)
        close_old_connections()

    def _until_done(self, batch: list[Delivery], handle: Handler, subscription: Subscription) -> None:
        """The broker is told only after the commit; a database that is away is waited for."""
        pause_s = 0.5
        while not self._stopping.is_set():
            close_old_connections()
            try:
                self._deal_with([delivery.message for delivery in batch], handle)
            except (OperationalError, InterfaceError) as error:
                log.warning("database is away or busy; trying again", error=str(error), waiting=len(batch))
                self._stopping.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            else:
                for delivery in batch:
                    subscription.acknowledge(delivery)
                return

    def _deal_with(self, messages: Sequence[Message], handle: Handler) -> None:
        now = self._clock()
        try:
            self._tell(handle(messages, now))
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            if len(messages) == 1:
                log.exception("message set aside", topic=messages[0].topic)
                set_aside("", messages[0].topic, messages[0].payload, reason_of(error), now)
                return
            log.exception("a batch failed; taking it one by one")
            for message in messages:
                self._deal_with([message], handle)

    def _tell(self, acks: Sequence[AckDue]) -> None:
        for due in acks:
            self._events.publish(AckTopic(due.box).path, due.ack.to_bytes())

    def _ask(self, due: Sequence[Due]) -> None:
        for one in due:
            self._events.publish(CommandTopic(one.box).path, one.command.to_bytes())

    def _desire(self, due: Sequence[DesiredDue]) -> None:
        for one in due:
            self._events.publish(DesiredTopic(one.box).path, one.desired.to_bytes())

    def _apply_and_tick(self, store: EvidenceStore) -> None:
        last_tick = last_chores = None
        while not self._stopping.is_set():
            self._committed.wait(IDLE_S)
            self._committed.clear()
            close_old_connections()
            try:
                while not self._stopping.is_set() and apply_pending(self._clock()):
                    pass
                now = self._clock()
                if last_tick is None or (now - last_tick).total_seconds() >= TICK_S:
                    tick(now)
                    self._ask([*commands(now), *still_commands(now)])
                    self._desire(desired_due(now))
                    last_tick = now
                if last_chores is None or (now - last_chores).total_seconds() >= CHORES_S:
                    chores(now, store)
                    last_chores = now
            except MAY_PASS as error:
                log.warning("applying waits; trying again", error=str(error))
                self._stopping.wait(IDLE_S)
            except Exception:
                # A defect must be seen, but must not stop what is applied after it.
                log.exception("applying failed; trying again")
                self._stopping.wait(IDLE_S)
        close_old_connections()
