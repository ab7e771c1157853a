"""Tribun's regional portals."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (Layout(bodies=(classed("txt-article"),), without=(within("baca"), within("ads-placeholder"))),)
