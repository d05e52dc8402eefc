"""What the tests share: clients, doors, servers and receivers."""
