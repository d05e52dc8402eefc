"""What is kept of a sandbox: a world as plain data, all worlds as bytes, and the state file.

`definition` is also what Redis holds of a world. Knows nothing of HTTP.
"""
