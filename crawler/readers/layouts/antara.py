"""Antara and its provincial offices."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=('//*[@id="content_news"]', f'{classed("wrap__article-detail-content")}'),
        without=(within("baca-juga"), within("text-muted"), within("ads_antaranews")),
    ),
)
