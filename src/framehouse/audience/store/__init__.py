"""The audience room's SQL: tables of the analytics engine and every question to them."""
