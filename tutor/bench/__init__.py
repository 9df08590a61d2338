"""Benchmarks: ratios against a named peer in the same run, with the spread."""
