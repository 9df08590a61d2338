"""Learning from preferences: pairs, a reward model, DPO, and picking the best of several answers."""
