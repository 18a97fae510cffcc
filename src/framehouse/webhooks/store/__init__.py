"""All SQL of the webhooks room."""
