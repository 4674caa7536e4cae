"""The search page and the JSON endpoint."""
