"""Boxes and cameras for people: how they stand, and the editor of what a camera looks for."""
