"""onnxruntime sessions, with the device that was asked for or an honest word about another."""

from collections.abc import Sequence
from pathlib import Path

import onnxruntime as ort
import structlog

from models.card import ModelError

CPU = ("CPUExecutionProvider",)
log = structlog.get_logger()


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
        ModelError: a provider is missing or does not start and `fallback` is not allowed, or onnxruntime cannot read
            the file.
    """
    wanted = _available(providers, fallback=fallback)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Waiting threads sleep: the box has other work for its cores than to spin.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = ort.InferenceSession(content, options, providers=wanted)
    except Exception as error:  # onnxruntime's errors have no common class below Exception
        raise ModelError(f"{path} cannot be loaded by onnxruntime {ort.__version__}: {error}") from error
    running = active_provider(session)
    if running != wanted[0] and not fallback:
        # onnxruntime falls back to the CPU with no more than a log line when a device does not answer.
        raise ModelError(
            f"{wanted[0]} did not start (running on {running}): check driver and device, or allow fallback"
        )
    if running != providers[0]:
        log.warning("model runs on another provider", model=str(path), wanted=providers[0], running=running)
    return session


def active_provider(session: ort.InferenceSession) -> str:
    """The provider that runs what it can of the network; the CPU takes the rest."""
    return str(session.get_providers()[0])


def _available(providers: Sequence[str], *, fallback: bool) -> list[str]:
    there = ort.get_available_providers()
    missing = [provider for provider in providers if provider not in there]
    if not providers or (missing and not fallback):
        raise ModelError(
            f"execution provider {', '.join(missing) or '(none given)'} is not available; this onnxruntime has "
            f"{', '.join(there)}: install the build that has it, configure one of these, or allow fallback"
        )
    left = [provider for provider in providers if provider in there]
    return left if left and (left[-1] in CPU or not fallback) else [*left, *CPU]
