"""Joomla: version 4 and 5 call an article's page `com-content-article`, version 3 `item-page`; K2 has its own."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=(
            f'{classed("com-content-article")}{classed("com-content-article__body")}',
            f'{classed("item-page")}//*[@itemprop="articleBody"]',
            classed("itemFullText"),
        ),
        without=(within("pagenavigation"), within("pager"), within("tags"), within("mod-articles"),
                 within("moduletable")),
        marks=('//meta[@name="generator" and contains(@content, "Joomla")]', classed("com-content-article"),
               classed("item-page"), classed("itemFullText")),
    ),
)  # fmt: skip
