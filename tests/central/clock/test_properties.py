"""Every rule of `properties`, on 200 cases always and on 10,000 by `make test-all`."""

from collections.abc import Callable

import pytest
from hypothesis import given

from tests.central.clock.arbitrary import FEW, MANY
from tests.central.clock.properties import RULES


def name(rule: Callable[..., None]) -> str:
    return rule.__name__


@pytest.mark.parametrize("rule", RULES, ids=name)
def test_few(rule: Callable[..., None]) -> None:
    FEW(given(**RULES[rule])(rule))()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("rule", RULES, ids=name)
def test_many(rule: Callable[..., None]) -> None:
    MANY(given(**RULES[rule])(rule))()
