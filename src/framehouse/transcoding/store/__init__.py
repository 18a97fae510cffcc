"""All SQL of the transcoding room."""
