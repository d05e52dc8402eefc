"""What is kept of a sandbox: a world as plain data, all worlds as bytes, and the state file.

`encoding` is also how Redis holds the definition of a world. Knows nothing of HTTP.
"""
