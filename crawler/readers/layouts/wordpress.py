"""WordPress: classic themes wrap the_content() in `entry-content`, block themes in `wp-block-post-content`."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=(
            classed("wp-block-post-content"),
            classed("entry-content", "div"),
            classed("post-content", "div"),
            classed("td-post-content", "div"),
            classed("elementor-widget-theme-post-content", "div"),
        ),
        without=(
            within("sharedaddy"), within("jp-relatedposts"), within("wp-block-latest-posts"), within("wp-block-query"),
            within("post-tags"), within("addtoany_share_save_container"), within("yarpp-related"),
        ),
        marks=('//meta[@name="generator" and contains(@content, "WordPress")]', '//*[contains(@href, "/wp-content/")]',
               '//*[contains(@src, "/wp-content/")]', '//link[@rel="https://api.w.org/"]'),
    ),
)  # fmt: skip
