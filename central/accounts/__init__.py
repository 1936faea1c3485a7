"""Roles of the staff, and which agency an officer works for."""
