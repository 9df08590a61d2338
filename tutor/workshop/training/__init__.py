"""From text to weights: tokenizer, packing, the training loop."""
