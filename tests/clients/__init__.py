"""Real clients, intercepted by `mockdouyin run`."""
