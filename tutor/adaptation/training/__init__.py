"""Training an adapter: prompts, examples, one flat loop, and a small search over its settings."""
