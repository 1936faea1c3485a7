"""Masked stills of now, fetched from a camera for somebody who draws or wants to see."""
