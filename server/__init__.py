"""What the server answers besides pages: assets, documents, security headers."""
