"""Blogger: `post-body`, whatever the theme."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=(classed("post-body", "div"),),
        without=(within("related-posts"), within("post-share-buttons")),
        marks=('//meta[@name="generator" and contains(translate(@content, "B", "b"), "blogger")]',
               '//*[contains(@href, "blogger.com")]', '//*[contains(@href, "blogspot.com")]'),
    ),
)  # fmt: skip
