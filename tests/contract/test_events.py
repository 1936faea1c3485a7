import json

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from contract.events import MAX_EVENT_BYTES, EpisodeEvent, EventType, Skipped, parse_event
from contract.ids import event_id
from contract.schemas import FOLDER, MESSAGES, documents, render
from tests.contract.examples import EPOCH, jam


@pytest.mark.parametrize("step", EventType)
def test_an_event_survives_the_wire(step):
    event = jam(step, seq=3)
    assert parse_event(event.to_bytes()) == event
    assert event.id == event_id("pgk-01", EPOCH, 3)
    assert (event.box, event.camera) == ("pgk-01", "simpang")


def test_the_generated_schema_accepts_what_the_types_write():
    schema = json.loads((FOLDER / "episode-event.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(
        json.loads(jam().to_bytes())
    )


def test_the_schema_refuses_what_the_types_refuse():
    schema = Draft202012Validator(json.loads((FOLDER / "episode-event.schema.json").read_text()))
    broken = json.loads(jam().to_bytes())
    broken["data"]["severity"] = 9
    assert not schema.is_valid(broken)
    with pytest.raises(ValidationError):
        EpisodeEvent.model_validate(broken)


def test_schemas_have_not_drifted():
    assert {name: (FOLDER / name).read_text() for name in documents()} == {
        name: render(document) for name, document in documents().items()
    }
    assert len(MESSAGES) + 1 == len(documents())


def test_fields_of_a_newer_box_are_passed_over():
    body = json.loads(jam().to_bytes()) | {"traceparent": "00-…"}
    body["data"]["measures"]["pedestrians"] = 4
    assert parse_event(json.dumps(body).encode()) == jam()


def _changed(**changes):
    body = json.loads(jam(EventType.CLOSED).to_bytes())
    for path, value in changes.items():
        node = body
        *parents, leaf = path.split("__")
        for parent in parents:
            node = node[parent]
        if value is None:
            node.pop(leaf)
        else:
            node[leaf] = value
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"seq": 2}, "is not the one of box"),
        ({"source": "/box/other/camera/simpang"}, "is not the one of box"),
        ({"source": "/box/pgk 01/camera/simpang"}, "source"),
        ({"type": "id.sigap.episode.opened.v1"}, "must agree"),
        ({"data__closing": None}, "must agree"),
        ({"data__began": "2027-01-01T00:00:00Z"}, "began lies after"),
        ({"data__began": "2026-01-01T00:00:00"}, "timezone"),
        ({"data__zone": None}, "zone is missing"),
        ({"data__confidence": 1.5}, "less than or equal to 1"),
        ({"data__kind": "riot"}, "kind"),
        ({"time": None}, "time"),
    ],
)
def test_an_event_that_contradicts_itself_is_refused(changes, says):
    with pytest.raises(ValidationError, match=says):
        parse_event(_changed(**changes))


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"\xff\xfe", b"{}", b'{"skipped": false}'])
def test_garbage_is_a_value_error(payload):
    with pytest.raises(ValueError, match=r"."):
        parse_event(payload)


def test_a_giant_is_refused_before_it_is_read():
    with pytest.raises(ValueError, match="at most"):
        parse_event(b" " * (MAX_EVENT_BYTES + 1))


def test_a_skipped_seq_is_told_apart():
    assert parse_event(Skipped().to_bytes()) == Skipped()
