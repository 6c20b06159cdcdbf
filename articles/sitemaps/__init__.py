"""Sitemaps (sitemaps.org) of what search engines are to index, and of the last two days for news.

Django's own sitemaps count all rows for every page and reach the last ones by an offset; these
are cut by primary key, so that each costs the same and keeps what it holds.
"""
