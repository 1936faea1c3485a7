"""Calibration from the traffic alone: where vehicles drive, how large they appear, how large they are."""
