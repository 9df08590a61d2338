"""Lessons in the grown-ups' part: the list, the editor with its preview, versions, publishing and testing."""
