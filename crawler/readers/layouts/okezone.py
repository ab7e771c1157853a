"""Okezone."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=('//*[@id="contentx"]', '//*[@id="article-box"]', classed("ctn-desc"), classed("dtlnews")),
        without=(within("baca-juga"), within("rekomendasi")),
    ),
)
