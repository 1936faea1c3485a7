"""Webhooks that programs subscribe to over the API: what happens to complaints and incidents, signed."""
