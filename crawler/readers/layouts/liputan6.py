"""Liputan6 and its sister sites of KapanLagi Youniverse; a gallery's text stands beside its pictures."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=(classed("article-content-body"), classed("read-page--content"), classed("read-page--photo-gallery")),
        without=(within("baca-juga-collections"), within("baca-juga"), within("article-ad"),
                 within("advertisement-text"), within("newsletter"), within("read-page--photo-gallery--stats"),
                 within("simple-gallery")),
    ),
)  # fmt: skip
