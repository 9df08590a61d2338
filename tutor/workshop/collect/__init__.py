"""Collecting and cleaning: files that people have, to text that a tutor may learn from, with a report of all of it."""
