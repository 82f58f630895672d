"""What staff do with the tables: look, edit, compare, publish, go back."""
