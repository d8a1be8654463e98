"""Serving: learned models for the domain. Loads numpy, so the process that answers members stays out."""
