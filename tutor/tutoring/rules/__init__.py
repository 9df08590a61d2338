"""Guidelines as checks: one module a family, pure Python, each says where a text breaks a guideline."""
