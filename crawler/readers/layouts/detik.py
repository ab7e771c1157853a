"""Detik and its channels; photo pages keep their text apart."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=(classed("detail__body-text"), classed("itp_bodycontent")),
        without=(within("linksisip"), within("parallaxindetail"), within("detail__body-tag"), within("sisip_artikel"),
                 within("lihatjg"), within("embed", "table")),
    ),
    Layout(bodies=(classed("text_detail"), classed("text_gal")), without=(within("linksisip"), within("lihatjg"))),
)  # fmt: skip
