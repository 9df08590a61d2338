"""How good a tutor model is: figures, samples, the model card."""
