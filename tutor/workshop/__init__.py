"""Building the models that ship: a small tutor and a safety classifier."""
