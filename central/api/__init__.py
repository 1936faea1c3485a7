"""/api/v1: what other programs read of the city and tell it, described at /api/v1/openapi.json."""
