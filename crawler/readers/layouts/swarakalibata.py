"""Swarakalibata and its kin: regencies' systems on CodeIgniter that keep their pictures in `foto_berita`. Each theme
names the body in its own way, the caption ("Keterangan Gambar") stands in it or ahead of it."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=(
            f"{classed('paragraph-row')}{classed('column9')}",
            classed("ps-post__content"),
            classed("post--content"),
            classed("td-paragraph-padding-1"),
            f"{classed('blog-single-post')}{classed('text', 'div')}",
            f"{classed('content-item')}{classed('single-post')}",
            f"{classed('blog_item')}{classed('blog_details')}",
            f"{classed('card-body', 'div')}[h1]",
        ),
        without=(
            within("blog-info-link"), within("lead", "p"), './/p[starts-with(normalize-space(.), "Posted on")]',
            './/h4[starts-with(normalize-space(.), "Baca Lainnya")]/following-sibling::*[1][self::ul]',
        ),
        marks=('//img[contains(@src, "foto_berita/")]', '//*[contains(@style, "foto_berita/")]'),
    ),
)  # fmt: skip
