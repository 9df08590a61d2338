"""The text that a tutor model is trained on: problems, learners' words, the tutor's words, conversations."""
