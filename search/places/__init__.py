"""The provinces of Vietnam in time: spellings, eras, mergers; and the countries of the world."""

from search.places.countries import CountryKind, CountrySpelling, country_named, country_names, country_spellings
from search.places.history import Merger, kind_at, merged_into, name_as_of, period, province_now, provinces_now
from search.places.names import province_named
from search.places.units import Unit, all_names, all_units, spellings, units_named

__all__ = [
    "CountryKind", "CountrySpelling", "Merger", "Unit", "all_names", "all_units", "country_named", "country_names",
    "country_spellings", "kind_at", "merged_into", "name_as_of", "period", "province_named", "province_now",
    "provinces_now", "spellings", "units_named",
]
