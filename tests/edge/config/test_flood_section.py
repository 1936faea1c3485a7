"""`flood:` reads as written, with sane defaults, and refuses what makes no sense."""

import pytest

from edge.config.document import load
from edge.config.problems import ConfigError
from edge.watching import flood_settings

FILE = """\
cameras:
  simpang:
    purpose: [{purpose}]
    zones: {{utara: {{kind: {kind}, points: [[0, 0.5], [1, 0.5], [1, 1]]}}}}
    incidents:
      flood: {{zones: [utara]{more}}}
"""


@pytest.fixture
def flood(tmp_path):
    def read(more="", purpose="disaster", kind="roadway"):
        file = tmp_path / "camera.yaml"
        file.write_text(FILE.format(more=f", {more}" if more else "", purpose=purpose, kind=kind))
        return load(file, "analyze").document.cameras["simpang"].incidents.flood

    return read


def test_left_out_values_are_the_defaults_and_the_network_decides_what_shows_a_flood(flood):
    settings = flood_settings(flood(), flood_above=0.41)
    assert (settings.min_duration_s, settings.hold_s, settings.water_share, settings.flood_above) == (
        180,
        300,
        0.3,
        0.41,
    )
    assert settings.depth_classes_cm == (10, 30, 70, 150)
    assert (settings.timing.min_duration_s, settings.timing.hold_s, settings.timing.needed) == (180, 300, 3)


def test_what_is_written_counts(flood):
    section = flood(
        "min_duration: 5min, hold: 10min, water_share: 0.5, flood_above: 0.7, depth_classes: [20, 40], "
        "water_references: [{points: [[0.4, 0.6]], height_cm: 15}]"
    )
    settings = flood_settings(section, flood_above=0.41)
    assert (settings.min_duration_s, settings.hold_s, settings.water_share, settings.flood_above) == (
        300,
        600,
        0.5,
        0.7,
    )
    assert settings.depth_classes_cm == (20, 40)
    (mark,) = section.water_references
    assert (mark.points, mark.height_cm) == (((0.4, 0.6),), 15)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"more": "water_share: 0"}, "flood.water_share: input should be greater than 0"),
        ({"more": "flood_above: 1.0"}, "flood.flood_above: input should be less than 1"),
        ({"more": "depth_classes: [30, 10]"}, "flood.depth_classes: bounds of depth must rise"),
        ({"more": "depth_classes: [0, 10]"}, "flood.depth_classes: bounds of depth must rise"),
        ({"more": "water_references: [{points: [], height_cm: 15}]"}, "water_references[0].points: tuple should have"),
        ({"more": "water_references: [{points: [[0, 2]], height_cm: 15}]"}, "points[0][1]: input should be less than"),
        ({"more": "min_duraton: 5s"}, "flood.min_duraton: unknown key; did you mean min_duration?"),
        ({"purpose": "traffic"}, "flood: refused: flood serves disaster"),
        ({"kind": "no_parking"}, "zone 'utara' is no_parking; flood needs roadway"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(flood, wrong, expected):
    with pytest.raises(ConfigError) as caught:
        flood(**wrong)
    assert any(expected in str(problem) for problem in caught.value.problems), caught.value.problems
