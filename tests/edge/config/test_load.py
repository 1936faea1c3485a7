"""A wrong file names line, key and remedy; a right one reads as written."""

import textwrap

import pytest

from contract.kinds import IncidentKind
from edge.config.document import load
from edge.config.problems import ConfigError

RIGHT = """\
box: {id: pgk-01, site: Pangkalpinang, state_dir: /tmp/box, disk_limit: 20GB}
mqtt: {url: "mqtt://127.0.0.1:1883"}
cameras:
  simpang_balai:
    name: Simpang Balai Kota
    inputs: [{url: "rtsp://viewer:${CAM_PASSWORD}@127.0.0.1/stream2", roles: [watch]}]
    location: {lat: -2.13, lon: 106.11}
    purpose: [traffic, disaster]
    zones:
      utara: {kind: roadway, place: "jl-sudirman:utara", points: [[0.1,0.4],[0.6,0.4],[0.9,1.0],[0.0,1.0]]}
      trotoar: {kind: no_vending, points: [[0.7,0.4],[0.9,0.4],[0.9,1.0]]}
    incidents:
      jam: {zones: [utara], min_duration: 2min, speed_below_kmh: 8, occupancy_above: 0.3}
    privacy_masks: [[[0,0],[0.2,0],[0.2,0.1],[0,0.1]]]
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.setenv("CAM_PASSWORD", "rahasia")

    def write(text):
        file = tmp_path / "box.yaml"
        file.write_text(textwrap.dedent(text))
        return file

    return write


def problems_of(file, use="run"):
    with pytest.raises(ConfigError) as caught:
        load(file, use)
    return [str(problem).removeprefix(str(file)) for problem in caught.value.problems]


def test_a_right_file_reads_as_written(written):
    configuration = load(written(RIGHT))
    box, camera = configuration.document.box, configuration.document.cameras["simpang_balai"]
    assert (box.id, box.disk_limit) == ("pgk-01", 20_000_000_000)
    assert camera.input_for("evidence").url == "rtsp://viewer:rahasia@127.0.0.1/stream2"
    assert camera.incidents.jam.min_duration == 120.0
    assert camera.zones["utara"].place == "jl-sudirman:utara"
    assert configuration.warnings == ()


def test_the_version_follows_what_is_decided_not_the_secrets(written, monkeypatch):
    first = load(written(RIGHT)).version
    monkeypatch.setenv("CAM_PASSWORD", "other")
    assert load(written(RIGHT)).version == first
    assert load(written(RIGHT.replace("0.3}", "0.4}"))).version != first


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("occupancy_above", "ocupancy_above", (":13: cameras.simpang_balai.incidents.jam.ocupancy_above: unknown key; "
         "did you mean occupancy_above?")),
        ("kind: roadway", "kind: road", ":10: cameras.simpang_balai.zones.utara.kind: input should be 'roadway'"),
        ("2min", "120", ":13: cameras.simpang_balai.incidents.jam.min_duration: write a number and a unit"),
        ("id: pgk-01", "id: pgk.01", ":1: box.id: 'pgk.01' cannot be a name: use a to z, 0 to 9"),
        ("simpang_balai:", "simpang balai:", ":4: cameras.simpang balai: 'simpang balai' cannot be a name"),
        ("[utara]", "[timur]", ":13: cameras.simpang_balai.incidents.jam.zones[0]: no zone 'timur'"),
        ("[utara]", "[trotoar]", "zone 'trotoar' is no_vending; jam needs roadway"),
        ("[traffic, disaster]", "[disaster]", "refused: jam serves traffic"),
        ("[0.1,0.4]", "[1.1,0.4]", "less than or equal to 1"),
        ("[[0.1,0.4],[0.6,0.4],[0.9,1.0],[0.0,1.0]]", "[[0,0],[1,1],[1,0],[0,1]]", ":10: cameras.simpang_balai.zones"),
        ("${CAM_PASSWORD}", "${NOT_SET}", ":6: cameras.simpang_balai.inputs[0].url: ${NOT_SET} is not set; export"),
        ("${CAM_PASSWORD}", "${file:no.txt}", "cannot be read or is empty; put the secret there"),
        ("mqtt://127.0.0.1:1883", "mqtt://broker.example", ":2: mqtt.url: mqtt:// to broker.example would travel in"),
        ("mqtt://127.0.0.1:1883", "mqtts://broker.example", ":2: mqtt: mqtts:// needs ca, cert, key too"),
        ("mqtt://127.0.0.1:1883", "mqtt://me:pw@127.0.0.1", "log"),
        ('mqtt: {url: "mqtt://127.0.0.1:1883"}', "", "mqtt is missing; add mqtt"),
        ("    name: Simpang Balai Kota", "    name: a\n    name: b", ":6: cameras.simpang_balai.name: given twice"),
        ("box: {", "box: {{", ":2: not YAML"),
        ("    purpose:", "    calibration: no.json\n    purpose:", "make it with `sigap-calibrate fit`"),
    ],
)  # fmt: skip
def test_a_wrong_file_names_line_key_and_remedy(written, old, new, expected):
    assert old in RIGHT
    found = problems_of(written(RIGHT.replace(old, new, 1)))
    assert any(expected in problem for problem in found), found


def with_faults(text, section):
    return text.replace("    privacy_masks:", f"      camera_fault: {section}\n    privacy_masks:")


def test_camera_faults_are_looked_for_where_the_file_says_so(written):
    camera = load(written(RIGHT)).document.cameras["simpang_balai"]
    assert camera.incidents.about(IncidentKind.CAMERA_FAULT) == ()
    text = with_faults(RIGHT.replace("disaster]", "maintenance]"), "{offline_after: 2min, ignore: [moved, frozen]}")
    incidents = load(written(text)).document.cameras["simpang_balai"].incidents
    assert (incidents.camera_fault.min_duration, incidents.camera_fault.offline_after) == (60, 120)
    assert incidents.about(IncidentKind.CAMERA_FAULT) == ("dark", "defocused", "covered", "offline")
    assert [kind for kind, _ in incidents.wanted()] == [IncidentKind.JAM]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("{}", ":14: cameras.simpang_balai.incidents.camera_fault: refused: camera_fault serves maintenance"),
        ("{ignore: [rain]}", "cameras.simpang_balai.incidents.camera_fault.ignore[0]: input should be 'dark'"),
        ("{zones: [utara]}", "cameras.simpang_balai.incidents.camera_fault.zones: unknown key"),
    ],
)
def test_a_wrong_camera_fault_section_is_refused(written, section, expected):
    found = problems_of(written(with_faults(RIGHT, section)))
    assert any(expected in problem for problem in found), found


def test_a_file_without_models_has_those_of_this_version_on_the_cpu(written):
    models = load(written(RIGHT)).document.models
    assert (models.street, models.provider, models.fallback, models.threads) == (None, "cpu", False, 1)


def test_models_may_be_named_and_what_runs_them(written):
    text = RIGHT + "models: {street: ./mine, provider: openvino, fallback: true, threads: 2}\n"
    models = load(written(text)).document.models
    assert (models.street, models.provider, models.fallback, models.threads) == ("./mine", "openvino", True, 2)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            "provider: gpu",
            ":15: models.provider: input should be 'cpu', 'cuda', 'tensorrt' or 'openvino' (found 'gpu')",
        ),
        ("threads: 0", ":15: models.threads: input should be greater than or equal to 1"),
        ("stret: street", ":15: models.stret: unknown key; did you mean street?"),
    ],
)
def test_wrong_models_name_line_key_and_remedy(written, given, expected):
    (problem,) = problems_of(written(f"{RIGHT}models: {{{given}}}\n"))
    assert problem.startswith(expected)


def test_a_wrong_url_is_not_printed_with_its_password(written):
    found = problems_of(written(RIGHT.replace("mqtt://127.0.0.1:1883", "mqtt://me:hunter2@127.0.0.1")))
    assert "hunter2" not in "".join(found)


def test_all_problems_are_told_at_once(written):
    found = problems_of(written(RIGHT.replace("[utara]", "[timur]").replace("[traffic, disaster]", "[disaster]")))
    assert len(found) == 2


def test_for_analyze_box_mqtt_and_inputs_may_be_left_out(written):
    text = "\n".join(line for line in RIGHT.splitlines() if not line.strip().startswith(("box", "mqtt", "inputs")))
    assert load(written(text), "analyze").document.box is None
    assert len(problems_of(written(text), "run")) == 3


def test_no_purpose_is_a_warning(written):
    text = "\n".join(line for line in RIGHT.splitlines() if "purpose" not in line)
    (warning,) = load(written(text)).warnings
    assert warning.warning
    assert "taken as all purposes" in str(warning)


@pytest.mark.parametrize("text", ["", "- a", "a: &x [*x]", "\x00", "cameras: {}"])
def test_what_is_no_configuration_is_said_so(written, text):
    assert problems_of(written(text))


def test_a_tower_of_aliases_is_refused(written):
    rows = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    rows += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "too large" in problems_of(written("\n".join(rows)))[0]


def test_a_missing_file_is_said_so(tmp_path):
    assert "cannot be read" in problems_of(tmp_path / "none.yaml")[0]
