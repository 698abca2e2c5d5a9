"""System checks: what must not start like this."""
