"""onnxruntime sessions, with the device that was asked for or an honest word about another."""

from collections.abc import Sequence
from pathlib import Path

import onnxruntime as ort
import structlog

from models.card import ModelError
from models.provider import CPU, PACKAGES

OTHERWISE = "allow fallback (fallback: true, --fallback)"
log = structlog.get_logger()


class ProviderError(ModelError):
    """What was asked to run a network is not there or does not start; the text says what is, and the remedy."""


def open_session(
    content: bytes, path: Path, providers: Sequence[str] = CPU, threads: int = 1, *, fallback: bool = False
) -> ort.InferenceSession:
    """A network ready to run.

    Args:
        content: the file's bytes, checked by the caller.
        path: where they come from, for messages.
        providers: onnxruntime's execution providers, in order of preference.
        threads: CPU threads for one inference.
        fallback: run on what is left of `providers`, in the end on the CPU, where one of them is not there or does not
            start; which one runs is logged, and `active_provider` tells it.

    Raises:
        ProviderError: a provider is missing or does not start and `fallback` is not allowed.
        ModelError: onnxruntime cannot read the file.
    """
    wanted = _available(providers, fallback=fallback)
    if "CUDAExecutionProvider" in wanted:
        ort.preload_dlls()  # CUDA's libraries where pip put them, which the loader would not find
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Waiting threads sleep: the box has other work for its cores than to spin.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = ort.InferenceSession(content, options, providers=[(name, _options(name, threads)) for name in wanted])
    except Exception as error:  # onnxruntime's errors have no common class below Exception
        raise ModelError(f"{path} cannot be loaded by onnxruntime {ort.__version__}: {error}") from error
    running = active_provider(session)
    if running != wanted[0] and not fallback:
        # onnxruntime falls back to the CPU with no more than a log line when a device does not answer.
        raise ProviderError(
            f"{wanted[0]} did not start (running on {running}): check driver, libraries and device, or {OTHERWISE}"
        )
    if not fallback:
        session.disable_fallback()  # or a device that fails later would be left for the CPU without a word
    if running != providers[0]:
        log.warning("model runs on another provider", model=str(path), wanted=providers[0], running=running)
    return session


def active_provider(session: ort.InferenceSession) -> str:
    """The provider that runs what it can of the network; the CPU takes the rest."""
    return str(session.get_providers()[0])


def _options(provider: str, threads: int) -> dict[str, str]:
    """OpenVINO has threads of its own, which the session's options do not reach."""
    return {"num_of_threads": str(threads)} if provider == "OpenVINOExecutionProvider" else {}


def _available(providers: Sequence[str], *, fallback: bool) -> list[str]:
    there = ort.get_available_providers()
    missing = [provider for provider in providers if provider not in there]
    if not providers or (missing and not fallback):
        packages = sorted({PACKAGES[provider] for provider in missing if provider in PACKAGES})
        build = f"{' or '.join(packages)} in place of onnxruntime" if packages else "the build that has it"
        raise ProviderError(
            f"execution provider {', '.join(missing) or '(none given)'} is not available; this onnxruntime has "
            f"{', '.join(there)}: install {build}, configure one of these, or {OTHERWISE}"
        )
    left = [provider for provider in providers if provider in there]
    return left if left and (left[-1] in CPU or not fallback) else [*left, *CPU]
