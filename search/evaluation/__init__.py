"""Measure the ranking on judged queries through the product's own search path."""
