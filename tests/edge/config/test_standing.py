"""`vending:` and `parking:` as people write them, and what the rules make of them."""

import textwrap
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from contract.kinds import IncidentKind
from edge.config.document import Configuration, load
from edge.config.problems import ConfigError
from edge.standing import parking_settings, standing_rules, vending_settings

RIGHT = """\
box: {id: pgk-01, time_zone: Asia/Makassar}
cameras:
  pasar:
    purpose: [traffic, security]
    zones:
      trotoar: {kind: no_vending, points: [[0.7,0.4],[0.9,0.4],[0.9,1.0]]}
      bahu: {kind: no_parking, points: [[0.5,0.4],[0.7,0.4],[0.7,1.0]]}
      jalan: {kind: roadway, points: [[0.1,0.4],[0.5,0.4],[0.5,1.0]]}
    incidents:
      vending:
        zones: [trotoar]
        dwell: 8min
        schedule: "Mon-Sun 00:00-24:00"
        permits:
          - sk: SK 12/2025
            points: [[0.8,0.5],[0.9,0.5],[0.9,0.6]]
            valid_from: 2025-07-01
            valid_to: 2026-06-30
            hours: 06:00-14:00
            capacity: 3
      parking: {zones: [bahu], dwell: 3min, hold: 30s, schedule: "Mon-Fri 06:00-22:00", vehicles: [car, motorcycle]}
"""


def loaded(folder: Path, text: str) -> Configuration:
    file = folder / "box.yaml"
    file.write_text(textwrap.dedent(text))
    return load(file, "analyze")


def with_parking_permit(points: str) -> str:
    permit = f"{{sk: SK 3, points: {points}, valid_from: 2026-01-01, valid_to: 2026-12-31}}"
    return RIGHT.replace("vehicles: [car, motorcycle]}", f"vehicles: [car, motorcycle], permits: [{permit}]}}")


def test_parking_may_be_permitted_too(tmp_path: Path) -> None:
    camera = loaded(tmp_path, with_parking_permit("[[0.5,0.4],[0.6,0.4],[0.6,0.6]]")).document.cameras["pasar"]
    assert camera.incidents.parking is not None
    (permit,) = parking_settings(camera, camera.incidents.parking, ZoneInfo("Asia/Makassar")).permits
    assert (permit.sk, permit.valid_to) == ("SK 3", date(2026, 12, 31))
    with pytest.raises(ConfigError, match=r"parking\.permits\[0\]\.points"):
        loaded(tmp_path, with_parking_permit("[[0.5,0.4],[0.6,0.6],[0.6,0.4],[0.5,0.6]]"))


def test_a_right_file_reads_as_written(tmp_path: Path) -> None:
    camera = loaded(tmp_path, RIGHT).document.cameras["pasar"]
    assert camera.incidents.vending is not None
    assert camera.incidents.parking is not None
    vending = vending_settings(camera, camera.incidents.vending, ZoneInfo("Asia/Makassar"))
    assert [zone.id for zone in vending.zones] == ["trotoar"]
    assert (vending.dwell_s, vending.hold_s) == (480, 120)
    (permit,) = vending.permits
    assert (permit.sk, permit.valid_from, permit.valid_to) == ("SK 12/2025", date(2025, 7, 1), date(2026, 6, 30))
    assert (permit.hours.text, permit.capacity) == ("06:00-14:00", 3)
    parking = parking_settings(camera, camera.incidents.parking, ZoneInfo("Asia/Makassar"))
    assert ([zone.id for zone in parking.zones], [zone.id for zone in parking.roads]) == (["bahu"], ["jalan"])
    assert (parking.dwell_s, parking.hold_s, parking.schedule.text) == (180, 30, "Mon-Fri 06:00-22:00")
    assert parking.vehicles == {"car", "motorcycle"}


def test_the_rules_are_those_the_camera_asks_for(tmp_path: Path) -> None:
    camera = loaded(tmp_path, RIGHT).document.cameras["pasar"]
    rules = list(standing_rules(camera, None, ZoneInfo("Asia/Jakarta")))
    assert [(rule.kind, rule.about) for rule in rules] == [
        (IncidentKind.VENDING, ("trotoar",)),
        (IncidentKind.PARKING, ("bahu",)),
    ]


def test_the_clock_is_the_camera_s_else_the_box_s_else_jakarta_s(tmp_path: Path) -> None:
    own = RIGHT.replace("  pasar:\n", "  pasar:\n    time_zone: Asia/Jayapura\n")
    assert loaded(tmp_path, own).time_zone_of("pasar").key == "Asia/Jayapura"
    assert loaded(tmp_path, RIGHT).time_zone_of("pasar").key == "Asia/Makassar"
    assert loaded(tmp_path, RIGHT.partition("\n")[2]).time_zone_of("pasar").key == "Asia/Jakarta"


def test_the_version_follows_a_permit(tmp_path: Path) -> None:
    changed = RIGHT.replace("capacity: 3", "capacity: 4")
    assert loaded(tmp_path, RIGHT).version != loaded(tmp_path, changed).version


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Mon-Fri 06:00", "Senin 06:00", ":21: cameras.pasar.incidents.parking.schedule: 'Senin' is neither a day"),
        ("06:00-14:00", "6-14", ":19: cameras.pasar.incidents.vending.permits[0].hours: '6-14' is neither a day"),
        (
            "2026-06-30",
            "2025-06-30",
            ":15: cameras.pasar.incidents.vending.permits[0]: valid_to 2025-06-30 lies before",
        ),
        (
            "2026-06-30",
            "soon",
            ":18: cameras.pasar.incidents.vending.permits[0].valid_to: input should be a valid date",
        ),
        ("capacity: 3", "capacity: 0", "permits[0].capacity: input should be greater than or equal to 1"),
        ("[0.9,0.6]", "[0.9,0.5]", ":16: cameras.pasar.incidents.vending.permits[0].points: point 2 and its successor"),
        ("Asia/Makassar", "Asia/Atlantis", ":1: box.time_zone: no such time zone; write for example Asia/Jakarta"),
        ("car, motor", "car, bi", ":21: cameras.pasar.incidents.parking.vehicles[1]: input should be 'car'"),
        ("zones: [bahu]", "zones: [jalan]", "zone 'jalan' is roadway; parking needs no_parking"),
        ("[traffic, security]", "[traffic]", "refused: vending serves security"),
        ("dwell: 3min", "dwell: 180", "parking.dwell: write a number and a unit"),
    ],
)
def test_a_wrong_file_names_line_key_and_remedy(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in RIGHT
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, RIGHT.replace(old, new, 1))
    assert expected in str(caught.value)
