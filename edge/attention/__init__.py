"""Attention: which camera gets the next look."""
