"""One port (`base`), one subpackage per engine.  Only an engine's own package imports its library."""
