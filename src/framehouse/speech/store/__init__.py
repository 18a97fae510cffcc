"""All SQL of the speech room."""
