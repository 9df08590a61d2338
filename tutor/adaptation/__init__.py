"""Learning for good: a LoRA adapter trained against the packed weights of the very GGUF file in use."""
