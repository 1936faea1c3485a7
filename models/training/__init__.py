"""Recipes that make the files in the zoo: run by hand, never at run time."""
