"""Declared operations: the notation, the files, and the resources that calls make and change."""
