"""Webhooks: what happened is told to the tenants' own servers, signed and retried durably, and every try recorded."""
