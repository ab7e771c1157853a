"""A registered site -> its posts, by the first of four ways that answers in its own format.

Each way is one file: WordPress REST, feed, sitemap, listing page. A way returns False when the
site does not have it, and raises once it has begun and is broken off.
"""
