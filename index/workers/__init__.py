"""Worker processes: a hostile document costs a worker, never the run."""
