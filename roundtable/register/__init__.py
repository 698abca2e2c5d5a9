"""What is kept about people, app by app; `roundtable/privacy.py` reads it."""
