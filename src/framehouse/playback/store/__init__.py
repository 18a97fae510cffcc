"""All SQL of the playback room."""
