"""Tests of mockdouyin; they mirror the package."""
