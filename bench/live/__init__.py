"""What `bin/bench board` is made of: people, systems, browsers, measures, and the pieces of work."""
