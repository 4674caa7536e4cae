"""The provinces of Vietnam in time: spellings, eras, mergers."""

from search.places.history import Merger, kind_at, merged_into, name_as_of, period, province_now, provinces_now
from search.places.names import province_named
from search.places.units import Unit, all_names, all_units, spellings, units_named

__all__ = [
    "Merger", "Unit", "all_names", "all_units", "kind_at", "merged_into", "name_as_of", "period", "province_named",
    "province_now", "provinces_now", "spellings", "units_named",
]
