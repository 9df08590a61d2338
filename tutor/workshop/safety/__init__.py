"""Making the safety classifier: rows, training, thresholds, figures."""
