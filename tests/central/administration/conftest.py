"""An administrator's browser."""

import pytest
from django.test import Client

from central.accounts.roles import Role
from tests.central.desks.conftest import client_of, staff


@pytest.fixture
def admin(seeded: None) -> Client:
    """In Indonesian."""
    return client_of(staff("adi", Role.ADMIN))
