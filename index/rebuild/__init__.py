"""The rebuild job and its stages."""
