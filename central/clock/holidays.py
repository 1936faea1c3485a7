"""Public holidays, by the `holidays` package and by what a city adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays as package


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days on which nobody works.

    `region` is a country's ISO 3166 code, with a subdivision after a dash (ID, US-CA); empty: none. `categories` are
    the package's: Indonesia's `government` is the joint leave (cuti bersama). `extra` are the city's own, also those a
    decree adds before the package knows them. Days of the moon's calendar lie ahead as the package estimates them.

    Raises:
        ValueError: a region or category the package does not know.
    """

    region: str = ""
    categories: tuple[str, ...] = ("public",)
    extra: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.region:
            _of_region(self.region, self.categories, 2026)

    def of_year(self, year: int) -> frozenset[date]:
        """Those of the package in that year, and all of the city's own."""
        return _of_region(self.region, self.categories, year) | self.extra if self.region else self.extra

    def names_of_year(self, year: int, language: str) -> Mapping[date, str]:
        """Each of them with its name in that language (id, en_US, …), in order; the city's own have none."""
        named = _found(self.region, self.categories, year, language) if self.region else {}
        days = sorted(day for day in self.of_year(year) if day.year == year)
        return {day: named.get(day, "") for day in days}


@lru_cache(maxsize=1024)
def _of_region(region: str, categories: tuple[str, ...], year: int) -> frozenset[date]:
    return frozenset(_found(region, categories, year))


def _found(region: str, categories: tuple[str, ...], year: int, language: str | None = None) -> Mapping[date, str]:
    country, _dash, subdivision = region.partition("-")
    try:
        found = package.country_holidays(
            country, subdiv=subdivision or None, years=year, categories=categories, language=language
        )
    except NotImplementedError as error:
        raise ValueError(f"holidays of {region!r} are not known: {error}") from error
    return dict(found)
