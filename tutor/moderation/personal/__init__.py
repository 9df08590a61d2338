"""Personal data in a text: found by patterns and the class's names, and taken out. No model, no network."""
