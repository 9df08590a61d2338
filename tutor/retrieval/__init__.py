"""Embeddings, passages of materials, and search by words and by meaning."""
