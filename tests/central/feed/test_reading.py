"""Every change once, even one that becomes visible late."""

import threading

import pytest
from django.db import connections, transaction

from central.feed.models import Change, record
from central.feed.reading import FeedReader, latest_id
from tests.central.conftest import POSTGRES
from tests.central.moments import NOON


def note(ref: str) -> None:
    record(Change.Topic.INCIDENT, ref, "updated", NOON)


@pytest.mark.django_db
def test_each_change_once_and_none_from_before() -> None:
    note("before")
    reader = FeedReader()
    assert reader.poll() == []
    note("a")
    note("b")
    assert [change.ref for change in reader.poll()] == ["a", "b"]
    assert reader.poll() == []
    note("c")
    assert [change.ref for change in reader.poll()] == ["c"]
    assert latest_id() == Change.objects.get(ref="c").pk


@pytest.mark.skipif(not POSTGRES, reason="SQLite has one writer at a time: nothing becomes visible late")
@pytest.mark.django_db(transaction=True)
def test_lower_id_that_commits_later_is_not_missed() -> None:
    reader = FeedReader()
    written, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            note("slow")
            written.set()
            may_commit.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    written.wait(10)
    note("quick")
    assert [change.ref for change in reader.poll()] == ["quick"]
    may_commit.set()
    thread.join()
    assert [change.ref for change in reader.poll()] == ["slow"]
