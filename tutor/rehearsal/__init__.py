"""Test this lesson: scripted students against the real engine, and a table of what held."""
