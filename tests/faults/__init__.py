"""Processes killed at their worst moments."""
