"""Tutor: an offline personal tutor for the desktop."""

__version__ = "0.1.0"
