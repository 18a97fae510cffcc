"""All SQL of the library room."""
