"""Numbers and tracking codes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.complaints.numbers import ALPHABET, allot, grouped, new_tracking, read_tracking


@pytest.mark.django_db
def test_numbers_begin_anew_with_the_local_year() -> None:
    before = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)  # 23:59 WIB
    after = datetime(2026, 12, 31, 17, 1, tzinfo=UTC)  # 00:01 WIB
    assert [allot(before), allot(before), allot(after)] == ["SGP-2026-000001", "SGP-2026-000002", "SGP-2027-000001"]


@given(st.text(ALPHABET, min_size=12, max_size=12))
def test_code_survives_being_written_and_typed(code: str) -> None:
    assert read_tracking(grouped(code)) == code
    assert read_tracking(f" {grouped(code).lower()} ") == code
    assert read_tracking(code.replace("0", "o").replace("1", "l")) == code


def test_codes_differ() -> None:
    assert len({new_tracking() for _ in range(1000)}) == 1000
