"""What the server is besides pages: its settings, its tables, its routes and headers, and the processes beside it."""
