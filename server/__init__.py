"""What the server answers besides pages: assets, the network document, security headers."""
