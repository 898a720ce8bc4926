"""Models and what they cost: metered, priced by a dated table, capped."""
