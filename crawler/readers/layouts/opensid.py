"""OpenSID, the villages' system: its themes differ, the article's frame keeps one of these names."""

from crawler.readers.layouts import Layout, classed, within

IS_CONTENT = 'contains(concat(" ", normalize-space(@class), " "), " content ")'
LAYOUTS = (
    Layout(
        bodies=('//*[@id="isi-artikel"]', '//*[@id="isi_artikel"]', classed("single_page_content"),
                classed("artikel-inner-content"), f'{classed("single-inner")}{classed("detail-inner")}',
                # The theme that villages start with frames the headline alone as <article>.
                f'//article[h1]/following-sibling::*[1][self::div and {IS_CONTENT}]',
                classed("article-content", "article"), f'//article{classed("prose", "div")}', classed("teks", "div")),
        without=(within("sosmed"), within("artikel-terkait"), within("komentar"), within("info_artikel"),
                 within("content__attachment")),
        marks=('//meta[contains(@content, "OpenSID")]', '//*[contains(@href, "opensid")]',
               '//*[contains(@src, "/desa/")]'),
    ),
)  # fmt: skip
