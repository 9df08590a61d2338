"""Is this text fit for a child: the safety classifier, thresholds, crisis answers."""
