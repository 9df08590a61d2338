"""Texts that lessons speak from: read, cleaned, cut into passages by their headings and pages."""
