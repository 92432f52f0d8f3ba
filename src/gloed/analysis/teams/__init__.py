"""Teams: their scores steadied, the places the answers allow, and nobody shown from few answers."""
