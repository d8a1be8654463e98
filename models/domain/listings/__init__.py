"""Needs and offers: posted, found, answered, closed with an outcome."""
