"""Who meets with whom: as many people as can be placed, and a proof of it. Plain Python and arithmetic, no Django."""
