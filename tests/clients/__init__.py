"""Real clients, led to mockdouyin by `mockdouyin run`."""
