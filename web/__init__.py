"""The search page and the JSON endpoint."""

from web.app import create_app

__all__ = ["create_app"]
