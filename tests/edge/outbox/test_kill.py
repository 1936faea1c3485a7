"""The process is killed with -9, again and again, wherever it happens to be."""

import json
import random
import subprocess
import sys
import time

from contract.events import EpisodeEvent, parse_event
from edge.outbox import Budget, Outbox
from tests.edge.outbox.steps import BOX, NOW

ROUNDS = 8


def promised_before_kill(state_dir, records: int) -> int:
    """Runs the writer, kills it some time after so many records; gives the last seq it was promised."""
    command = [sys.executable, "-m", "tests.edge.outbox.writer", str(state_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        read = "".join(writer.stdout.readline() for _ in range(records))
        time.sleep(random.uniform(0, 0.02))
        writer.kill()
        rest = writer.stdout.read()
    return int((read + rest).split("\n")[-2])


def test_no_seq_is_lost_or_given_twice_and_state_agrees_with_the_event(tmp_path):
    random.seed(7)
    epoch = None
    for _ in range(ROUNDS):
        promised = promised_before_kill(tmp_path, random.randint(1, 20))
        outbox = Outbox.open(tmp_path, BOX, Budget(300_000, 50_000))
        assert outbox.set_aside is None
        assert epoch in (None, outbox.epoch)
        epoch = outbox.epoch
        # What was promised is there; at most the one being written when the kill came is there besides.
        assert promised <= outbox.last_seq <= promised + 1
        waiting = outbox.pending(0, 100_000)
        assert [event.seq for event in waiting] == list(range(outbox.acked_seq + 1, outbox.last_seq + 1))
        (episode,) = outbox.open_episodes()
        # Each record counts one vehicle more than the one before it, and each has a seq: all three agree for ever.
        assert json.loads(episode.state)["n"] == outbox.last_seq
        for event in waiting:
            body = parse_event(event.body)
            if isinstance(body, EpisodeEvent):
                assert (body.epoch, body.seq, body.data.measures.vehicles) == (epoch, event.seq, event.seq)
        files = {path.name for path in (tmp_path / "evidence").iterdir()}
        assert len(files) == outbox.status(NOW).evidence_waiting
        assert all(outbox.read_evidence(name) is not None for name in files)
        outbox.close()
    assert promised > 4 * ROUNDS
