"""A city's years of complaints in PostgreSQL, made up but whole: chained histories, reckoned deadlines.

`python -m scripts.city_data --folder DIR --complaints 1000000`; docs/benchmarks.md says what is measured with it.
"""
