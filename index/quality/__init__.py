"""How well extraction does on pages and articles whose right values are known."""
