"""What Whoosh needs to open and read an index of ours."""
