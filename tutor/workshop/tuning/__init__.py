"""A small search for good settings of a training stage."""
