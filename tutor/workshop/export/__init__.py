"""From weights to a GGUF file, and the proof that llama.cpp reads it as torch does."""
