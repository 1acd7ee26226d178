"""Django's way to PostgreSQL, with what we ask of it beyond."""
