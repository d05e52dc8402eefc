"""Operations that are data: the notation, the handler by kind, and the catalogue's files."""
