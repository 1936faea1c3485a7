"""Secrets kept in files, and the headers every answer carries."""
