"""How dates are written, where a newspaper writes them otherwise than Django does.

A package a language, with Django's names of formats. What it doesn't name is Django's own.
"""
