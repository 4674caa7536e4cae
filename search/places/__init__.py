"""The provinces of Vietnam in time: spellings, eras, mergers."""

from search.places.history import (
    Merger,
    kind_at,
    merged_into,
    name_as_of,
    period,
    predecessors,
    province_now,
    provinces_now,
    roll_up,
    successors,
)
from search.places.names import province_named
from search.places.units import MERGER_DAY, Unit, all_names, all_units, names_now, spellings, units_named

__all__ = [
    "MERGER_DAY", "Merger", "Unit", "all_names", "all_units", "kind_at", "merged_into", "name_as_of", "names_now",
    "period", "predecessors", "province_named", "province_now", "provinces_now", "roll_up", "spellings", "successors",
    "units_named",
]
