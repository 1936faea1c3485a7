"""What a file asks to look with is loaded, or the line that asks for it is named."""

import shutil

import numpy as np
import pytest
from structlog.testing import capture_logs

from edge.config.document import load
from edge.evidence.masking import HIDDEN
from edge.networks import open_networks
from models.card import ZOO, ModelError
from models.onnx_detector import DEFAULT, OnnxDetector
from models.water import WaterModel
from tests.models.water_network import network, put

CAMERA = """
cameras:
  simpang:
    purpose: [traffic]
models:
"""


FLOODED = """
cameras:
  simpang:
    purpose: [disaster]
    zones: {utara: {kind: roadway, points: [[0, 0.5], [1, 0.5], [1, 1], [0, 1]]}}
    incidents: {flood: {zones: [utara]}}
models:
"""


@pytest.fixture
def asking(tmp_path):
    def write(*lines, camera=CAMERA):
        file = tmp_path / "camera.yaml"
        file.write_text(camera + "".join(f"  {line}\n" for line in lines))
        return load(file, "analyze")

    return write


def test_what_really_runs_is_logged(asking):
    with capture_logs() as logs:
        networks = open_networks(asking("threads: 2"))
    street = networks.street
    assert isinstance(street, OnnxDetector)
    assert street.provider == "CPUExecutionProvider"
    assert street._session.get_session_options().intra_op_num_threads == 2
    (entry,) = logs
    assert (entry["event"], entry["model"], entry["running"], entry["threads"]) == (
        "model loaded", DEFAULT, "CPUExecutionProvider", 2,
    )  # fmt: skip


def test_a_provider_that_is_not_there_names_the_line_and_the_remedy(asking, tmp_path):
    with pytest.raises(ModelError) as caught:
        open_networks(asking("threads: 1", "provider: tensorrt"))
    said = str(caught.value)
    assert said.startswith(f"{tmp_path / 'camera.yaml'}:7: models.provider: execution provider Tensorrt")
    assert "install onnxruntime-gpu in place of onnxruntime" in said
    assert "fallback: true" in said


def test_where_fallback_is_allowed_the_cpu_runs_and_both_are_said(asking):
    with capture_logs() as logs:
        assert open_networks(asking("provider: cuda", "fallback: true")).street.provider == "CPUExecutionProvider"
    assert [(entry["log_level"], entry["running"]) for entry in logs] == [
        ("warning", "CPUExecutionProvider"),
        ("info", "CPUExecutionProvider"),
    ]
    assert logs[0]["wanted"] == "CUDAExecutionProvider"


def test_a_folder_counts_from_the_file(asking, tmp_path):
    shutil.copytree(ZOO / DEFAULT, tmp_path / "mine")
    assert open_networks(asking("street: ./mine")).street.card.name == DEFAULT
    (tmp_path / "mine" / "model.onnx").write_bytes(b"cut off")
    with pytest.raises(
        ModelError, match=r"camera\.yaml:6: models\.street: .*mine/model\.onnx is not the file on its card"
    ):
        open_networks(asking("street: ./mine"))


def test_a_model_that_is_not_there_names_the_line(asking):
    with pytest.raises(ModelError, match=r"camera\.yaml:6: models\.street: no model 'yolo'"):
        open_networks(asking("street: yolo"))


def test_a_detector_with_a_class_that_nobody_decided_how_to_hide_is_refused(asking, tmp_path, monkeypatch):
    monkeypatch.delitem(HIDDEN, "vendor")
    with pytest.raises(ModelError, match=r"street knows vendor, but nothing says what to hide of it"):
        open_networks(asking("threads: 1"))


def test_water_is_looked_for_only_where_a_camera_asks_for_floods(asking, tmp_path):
    put(tmp_path / "waters", network())
    dry = open_networks(asking("water: ./waters"))
    assert (dry.water, list(dry.versions)) == (None, [DEFAULT])
    networks = open_networks(asking("water: ./waters", camera=FLOODED))
    assert isinstance(networks.water, WaterModel)
    assert networks.versions == {
        networks.street.card.name: networks.street.card.sha256,
        networks.water.card.name: networks.water.card.sha256,
    }
    networks.water.look([np.zeros((32, 32, 3), np.uint8)])
    assert networks.inferences == 1


def test_a_water_network_that_is_not_there_names_the_line(asking):
    with pytest.raises(ModelError, match=r"camera\.yaml:8: models\.water: .*nowhere"):
        open_networks(asking("water: ./nowhere", camera=FLOODED))


def test_a_detector_is_no_water_network(asking):
    with pytest.raises(
        ModelError, match=r"camera\.yaml:8: models\.water: .*is a model of detection: give one of water"
    ):
        open_networks(asking(f"water: {DEFAULT}", camera=FLOODED))
