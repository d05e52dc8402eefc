"""`python -m mockdouyin` is the command line."""

from mockdouyin.cli import main

main()
