"""The engine process (llama.cpp, checked reply) and the client that drives it."""
