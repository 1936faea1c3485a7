from pathlib import Path

import numpy as np
import pytest
import structlog
from structlog.testing import LogCapture

from models import session
from models.card import ZOO, ModelError
from models.onnx_detector import OnnxDetector
from models.provider import CPU, Provider
from models.session import ProviderError, active_provider, open_session

MODEL = ZOO / "street/model.onnx"
CUDA = "CUDAExecutionProvider"


@pytest.fixture
def log() -> LogCapture:
    capture = LogCapture()
    structlog.configure(processors=[capture])
    yield capture
    structlog.reset_defaults()


def test_a_missing_provider_is_an_error() -> None:
    with pytest.raises(ModelError, match=r"NoSuch is not available; .*or allow fallback"):
        open_session(MODEL.read_bytes(), MODEL, ("NoSuch", *CPU))


@pytest.mark.parametrize(
    ("provider", "package"),
    [("cuda", "onnxruntime-gpu"), ("tensorrt", "onnxruntime-gpu"), ("openvino", "onnxruntime-openvino")],
)
def test_the_package_that_has_it_is_named(provider: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session.ort, "get_available_providers", lambda: list(CPU))
    with pytest.raises(ProviderError, match=f"install {package} in place of onnxruntime"):
        open_session(MODEL.read_bytes(), MODEL, Provider(provider).chain)


def test_every_name_begins_with_its_own_and_ends_at_the_cpu() -> None:
    assert {provider.value: provider.chain[0] for provider in Provider} == {
        "cpu": "CPUExecutionProvider",
        "cuda": CUDA,
        "tensorrt": "TensorrtExecutionProvider",
        "openvino": "OpenVINOExecutionProvider",
    }
    assert {provider.chain[-1] for provider in Provider} == set(CPU)


@pytest.mark.parametrize("providers", [("NoSuch",), ("NoSuch", *CPU)])
def test_where_fallback_is_allowed_the_cpu_runs_and_it_is_said(providers: tuple[str, ...], log: LogCapture) -> None:
    detector = OnnxDetector.load("street", providers=providers, fallback=True)
    assert detector.provider == "CPUExecutionProvider"
    (entry,) = log.entries
    assert (entry["wanted"], entry["running"], entry["log_level"]) == ("NoSuch", "CPUExecutionProvider", "warning")
    assert len(detector.detect([np.zeros((64, 64, 3), np.uint8)])) == 1


def test_what_was_asked_for_is_not_worth_a_word(log: LogCapture) -> None:
    assert active_provider(open_session(MODEL.read_bytes(), MODEL, fallback=True)) == "CPUExecutionProvider"
    assert log.entries == []


def test_no_provider_is_an_error_even_with_fallback() -> None:
    with pytest.raises(ModelError, match="none given"):
        open_session(MODEL.read_bytes(), MODEL, (), fallback=True)


class Started:
    """onnxruntime where every device answers; keeps what it was started with."""

    def __init__(self, content: bytes, options: object, providers: list[tuple[str, dict[str, str]]]) -> None:
        self.started = dict(providers)
        self.may_fall_back = True

    def get_providers(self) -> list[str]:
        return list(self.started)

    def disable_fallback(self) -> None:
        self.may_fall_back = False


@pytest.mark.parametrize("fallback", [False, True])
def test_what_fails_later_is_left_for_the_cpu_only_where_allowed(
    fallback: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session.ort, "get_available_providers", lambda: [CUDA, *CPU])
    monkeypatch.setattr(session.ort, "InferenceSession", Started)
    assert open_session(b"", Path("m"), Provider.CUDA.chain, fallback=fallback).may_fall_back is fallback


def test_openvino_is_told_how_many_threads_it_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = Provider.OPENVINO.chain
    monkeypatch.setattr(session.ort, "get_available_providers", lambda: list(chain))
    monkeypatch.setattr(session.ort, "InferenceSession", Started)
    started = open_session(b"", Path("m"), chain, threads=3).started
    assert started == {"OpenVINOExecutionProvider": {"num_of_threads": "3"}, "CPUExecutionProvider": {}}


class SilentFallback:
    """onnxruntime as it behaves where a device is built in but does not answer: it runs on the CPU."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def get_providers(self) -> list[str]:
        return list(CPU)


@pytest.mark.parametrize("fallback", [False, True])
def test_a_provider_that_does_not_start(fallback: bool, monkeypatch: pytest.MonkeyPatch, log: LogCapture) -> None:
    monkeypatch.setattr(session.ort, "get_available_providers", lambda: [CUDA, *CPU])
    monkeypatch.setattr(session.ort, "InferenceSession", SilentFallback)
    if fallback:
        assert active_provider(open_session(b"", Path("m"), (CUDA,), fallback=True)) == "CPUExecutionProvider"
        assert [entry["wanted"] for entry in log.entries] == [CUDA]
    else:
        with pytest.raises(ModelError, match=f"{CUDA} did not start"):
            open_session(b"", Path("m"), (CUDA, *CPU))
