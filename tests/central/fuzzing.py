"""Schemathesis against both descriptions, in this process: made-up requests, and what came of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]

Tally = Counter[tuple[str, int]]
"""Operation and status → how often."""


@dataclass(frozen=True, slots=True)
class Real:
    """Values that take the place of made-up ones in half of the cases: otherwise nothing would ever be found, and
    nobody ever let in."""

    headers: Mapping[str, str]
    paths: Mapping[str, str]
    bodies: Mapping[str, Mapping[str, Any]]
    """By operation."""


def fuzz(
    description: str,
    app: Any,
    cases: int,
    real: Real,
) -> Tally:
    """So many cases for every operation, half of them against the description.

    Raises:
        schemathesis.errors.FailureGroup: an answer was a 5xx, or not as described.
    """
    tally: Tally = Counter()
    schema = schemathesis.openapi.from_wsgi(description, app)
    operations = [found.ok() for found in schema.get_all_operations()]
    # What is deleted is found no more.
    for operation in sorted(operations, key=lambda each: str(each.method).upper() == "DELETE"):
        for mode in GenerationMode:
            _fuzz_one(operation, mode, max(1, cases // 2), real, tally)
    return tally


def _fuzz_one(operation: Any, mode: GenerationMode, cases: int, real: Real, tally: Tally) -> None:
    @settings(max_examples=cases, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), is_real=st.booleans())
    def run(case: Any, is_real: bool) -> None:
        if is_real:
            for name in (case.path_parameters or {}).keys() & real.paths.keys():
                case.path_parameters[name] = real.paths[name]
            if case.query:
                case.query.pop("jurisdiction_id", None)
            if isinstance(case.body, dict):
                case.body |= real.bodies.get(operation.label, {})
        response = case.call(headers=dict(real.headers))
        tally[operation.label, response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    try:
        run()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # nothing about the operation could be wrong
