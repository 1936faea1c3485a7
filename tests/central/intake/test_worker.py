"""The intake with a real broker."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db import OperationalError

from central.boxes.models import Box
from central.complaints.models import Complaint
from central.evidence.models import Exhibit
from central.evidence.store import FolderStore
from central.incidents.models import Incident, Policy
from central.intake import worker as worker_module
from central.intake.broker import Broker as Address
from central.intake.models import Quarantined
from central.intake.worker import IntakeWorker
from scripts.broker import Broker
from tests.brokers import broker  # noqa: F401 — a fixture
from tests.central.fakebox import FakeBox, episode
from tests.central.intake.boxclient import BoxClient, eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(broker: Broker, seeded: None, folder_store: FolderStore) -> Iterator[IntakeWorker]:  # noqa: F811
    Policy.objects.update(active_for_s=0)
    running = IntakeWorker(Address("127.0.0.1", broker.port), folder_store)
    running.start()
    assert running.wait_until_subscribed(20)
    yield running
    running.stop()


def test_from_a_box_to_a_complaint(worker: IntakeWorker, broker: Broker, box: FakeBox) -> None:  # noqa: F811
    manifest, still = box.still()
    with BoxClient(box.id, broker.port) as client:
        client.send(box.status(), still, box.opened(episode(), evidence=(manifest,)))
        assert eventually(lambda: client.acked == 1)
        assert eventually(lambda: client.have == {manifest.manifest.sha256})
    assert eventually(Complaint.objects.exists)
    assert Complaint.objects.get().agency_id == "dishub"
    assert Exhibit.objects.get().arrived
    assert Box.objects.get().state == "online"


def test_broker_that_dies_and_comes_back(worker: IntakeWorker, broker: Broker, box: FakeBox) -> None:  # noqa: F811
    jam = episode()
    with BoxClient(box.id, broker.port) as client:
        client.send(box.opened(jam))
        assert eventually(lambda: client.acked == 1)
        broker.kill()
        broker.start()
        client.send(box.updated(jam, 5), box.closed(jam, 9))
        assert eventually(lambda: client.acked == 3, 60)
    assert eventually(lambda: Incident.objects.get().state in {"clearing", "cleared", "closed"})


def test_what_came_while_the_centre_was_away(
    broker: Broker,  # noqa: F811
    box: FakeBox,
    seeded: None,
    folder_store: FolderStore,
) -> None:
    address = Address("127.0.0.1", broker.port)
    first = IntakeWorker(address, folder_store)
    first.start()
    assert first.wait_until_subscribed(20)
    first.stop()
    jam = episode()
    with BoxClient(box.id, broker.port) as client:
        client.send(*[box.opened(jam)], *[box.updated(jam, second) for second in range(1, 300)])
        second = IntakeWorker(address, folder_store)
        second.start()
        try:
            assert eventually(lambda: client.acked == 300, 60)
        finally:
            second.stop()
    assert Incident.objects.count() == 1


def test_database_that_is_away_for_a_moment_loses_nothing(
    worker: IntakeWorker,
    broker: Broker,  # noqa: F811
    box: FakeBox,
) -> None:
    honest = worker_module.commit_events
    tries: list[int] = []

    def away_twice(*arguments: object) -> object:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("the connection is gone")
        return honest(*arguments)

    with BoxClient(box.id, broker.port) as client, patch.object(worker_module, "commit_events", away_twice):
        client.send(box.opened(episode()))
        assert eventually(lambda: client.acked == 1)
    assert len(tries) == 3


def test_message_that_breaks_the_code_is_set_aside_and_others_pass(
    worker: IntakeWorker,
    broker: Broker,  # noqa: F811
    box: FakeBox,
) -> None:
    honest = worker_module.handle_reports
    defect = box.status(1)

    def broken(messages: object, now: object) -> object:
        if any(message.payload == defect.payload for message in messages):
            raise ZeroDivisionError("a defect of ours")
        return honest(messages, now)

    worker.stop()
    with patch.object(worker_module, "handle_reports", broken):
        second = IntakeWorker(Address("127.0.0.1", broker.port), FolderStore(None))
        second.start()
        try:
            assert second.wait_until_subscribed(20)
            with BoxClient(box.id, broker.port) as client:
                client.send(defect, box.status(2))
                assert eventually(lambda: Box.objects.get().state == "online")
                assert eventually(lambda: "a defect of ours" in Quarantined.objects.get().reason)
        finally:
            second.stop()
