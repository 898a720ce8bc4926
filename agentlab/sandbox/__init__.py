"""Where candidates run: behind walls, with a meter, a few milliseconds from warm."""
