"""The only wiring: builds every room's services from settings and connects events to durable work."""
