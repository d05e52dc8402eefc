"""What leads a client here, and what is left of it afterwards."""
