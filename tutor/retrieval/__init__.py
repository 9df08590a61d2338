"""Embeddings (and, later, lesson chunks and hybrid search)."""
