"""Markdown, maths and code as read-only text documents: nothing in them is loaded, run or followed."""
