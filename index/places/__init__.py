"""Provinces in articles: found in the text, told apart into the own one and the others."""

from index.places.mentions import Mention, find_mentions
from index.places.own import PlaceInput, Places, find_places, host_province

__all__ = ["Mention", "PlaceInput", "Places", "find_mentions", "find_places", "host_province"]
