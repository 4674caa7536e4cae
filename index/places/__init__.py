"""Provinces and countries in articles: found in the text, the own province told apart from the others."""

from index.places.countries import CountryMention, find_countries, name_countries
from index.places.mentions import Mention, find_mentions
from index.places.own import PlaceInput, Places, find_places, host_province

__all__ = [
    "CountryMention", "Mention", "PlaceInput", "Places", "find_countries", "find_mentions", "find_places",
    "host_province", "name_countries",
]
