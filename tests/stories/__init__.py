"""Stories of every kind, told on a server, and read in every way that there is."""
