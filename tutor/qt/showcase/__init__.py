"""Pretend data and scenes for screenshots: every view in every state, without an engine."""
