"""Kompas and the portals of Kompas Gramedia (Tribun has its own file)."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=(classed("read__content"),),
        without=(within("inner-link-baca-juga"), within("ads-on-body"), within("read__tagging"), within("kompasidRec")),
    ),
    Layout(bodies=('//span[starts-with(@class, "kcmread")]', classed("kcm-read-text"), classed("div-read"))),
)
