"""The documentation site: what MkDocs needs besides the pages themselves."""
