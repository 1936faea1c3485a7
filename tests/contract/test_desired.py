"""A document of `desired` reads as it was written, and one that does not hold names every fault."""

import json
from datetime import UTC, datetime

import pytest

from contract.commands import LookReply, StillReply, read_command, read_reply
from contract.desired import MAX_DESIRED_BYTES, Desired, DesiredError, read_desired
from contract.settings.camera import CameraSettings
from contract.settings.quantities import duration_text, parse_duration_s

SETTINGS = {
    "zones": {"utara": {"kind": "roadway", "points": [[0, 0], [1, 0], [1, 1]]}},
    "incidents": {
        "jam": {"zones": ["utara"], "min_duration": "2min"},
        "parking": {"zones": ["utara"], "schedule": "Mon-Fri 06:00-22:00"},
    },
}
MADE = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0s"), (0.5, "0.5s"), (90.0, "90s"), (600.0, "10min"), (7200.0, "2h"), (86400.0, "24h")]
)
def test_a_duration_is_written_as_it_is_read(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
    assert parse_duration_s(text) == seconds


def test_it_reads_as_it_was_written() -> None:
    wanted = Desired(version=3, made=MADE, cameras={"simpang": CameraSettings.model_validate(SETTINGS)})
    assert read_desired(wanted.to_bytes()) == wanted


def test_the_digest_follows_what_is_decided_not_how_it_is_written() -> None:
    plain = CameraSettings.model_validate(SETTINGS)
    spelt = json.loads(json.dumps(SETTINGS).replace('"2min"', '"120s"'))
    spelt["incidents"]["jam"]["occupancy_above"] = 0.25  # the default
    assert CameraSettings.model_validate(spelt).digest() == plain.digest()
    spelt["incidents"]["jam"]["occupancy_above"] = 0.3
    assert CameraSettings.model_validate(spelt).digest() != plain.digest()


def test_every_fault_is_named() -> None:
    wrong = {
        "version": 4,
        "made": "2026-01-01T00:00:00Z",
        "cameras": {
            "simpang": {
                "zones": {"utara": {"kind": "road", "points": [[0, 0], [1, 2], [1, 1], [0, 1]]}},
                "incidents": {"jam": {"zones": ["utara"], "min_durations": "2min", "hold": 60}},
            }
        },
        "permits": [{"sk": "SK 1", "valid_from": "2026-01-01", "valid_to": "2025-01-01", "lonlat": [[1, 2]]}],
    }
    with pytest.raises(DesiredError) as refused:
        read_desired(json.dumps(wrong).encode())
    refusal = refused.value.refusal
    assert refusal.version == 4
    told = {fault.place: fault.text for fault in refusal.faults}
    assert set(told) == {
        "cameras.simpang.zones.utara.kind",
        "cameras.simpang.zones.utara.points[1][1]",
        "cameras.simpang.incidents.jam.min_durations",
        "cameras.simpang.incidents.jam.hold",
        "permits[0].lonlat",
    }
    assert "did you mean min_duration?" in told["cameras.simpang.incidents.jam.min_durations"]
    assert "write a number and a unit" in told["cameras.simpang.incidents.jam.hold"]


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"\xff", b'{"version": 0}', b"[" * 100_000, b" " * (MAX_DESIRED_BYTES + 1)]
)
def test_what_is_no_document_is_said_so(payload: bytes) -> None:
    with pytest.raises(DesiredError) as refused:
        read_desired(payload)
    assert refused.value.refusal.version is None


def test_a_permit_is_either_on_the_map_or_in_a_view() -> None:
    permit = {"sk": "SK 1", "valid_from": "2026-01-01", "valid_to": "2026-12-31", "camera": "pasar"}
    document = {"version": 1, "made": "2026-01-01T00:00:00Z", "permits": [permit]}
    with pytest.raises(DesiredError, match="either lonlat, or camera and points"):
        read_desired(json.dumps(document).encode())


def test_a_reply_of_a_box_that_only_knows_looks_is_a_look() -> None:
    about = '"id": "6f1f64f2-6b6c-4a0e-9f0e-0d5f4c1f7a11", "camera": "simpang", "time": "2026-01-01T00:00:00Z"'
    look = read_reply(f'{{{about}, "sight": "gone", "reason": "Empty"}}'.encode())
    assert isinstance(look, LookReply)
    assert isinstance(read_reply(f'{{{about}, "action": "still"}}'.encode()), StillReply)


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(ValueError, match="dance"):
        read_command(b'{"action": "dance"}')
