"""Lesson files: reading, checking and writing them, and what comes from other programs."""
