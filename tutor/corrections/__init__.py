"""From a learner's flag to an accepted correction: the queue, its checks, and the memory of what was put right."""
