"""Runs the command line for `python -m mockdouyin`."""

from mockdouyin.cli import main

main()
