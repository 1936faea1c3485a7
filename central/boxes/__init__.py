"""Boxes, their cameras and zones, as enrolled here and as they report themselves."""
