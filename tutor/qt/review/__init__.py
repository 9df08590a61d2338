"""The window in which people judge answers, two at a time and blind."""
