"""The examination of a webhook receiver, behind `mockdouyin check-webhook`.

It is a table of probes: each writes messages and checks the answers. Messages are posted through
`delivery`; neither a server nor a sandbox is needed.
"""
