"""Logging: key-value lines for people on a terminal, JSON for machines. Nothing logged carries a credential."""

import logging
import sys

import structlog


def configure(*, json_lines: bool) -> None:
    """Sets up structlog for the process; standard error, UTC."""
    renderer = structlog.processors.JSONRenderer() if json_lines else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # looked up when used: tests exchange it
    )
