"""Each kind of signature: right ones, each wrong recipe, and those that nothing explains."""
