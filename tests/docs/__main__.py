"""`python -m tests.docs` writes every made page, and every made part of the others, anew."""

from tests.docs.made import write

if __name__ == "__main__":
    write()
