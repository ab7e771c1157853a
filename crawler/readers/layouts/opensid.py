"""OpenSID, the villages' system: its themes differ, the article's frame keeps one of these names."""

from crawler.readers.layouts import Layout, classed, within

LAYOUTS = (
    Layout(
        bodies=('//*[@id="isi-artikel"]', '//*[@id="isi_artikel"]', classed("single_page_content"),
                classed("teks", "div")),
        without=(within("sosmed"), within("artikel-terkait"), within("komentar"), within("info_artikel")),
        marks=('//meta[contains(@content, "OpenSID")]', '//*[contains(@href, "opensid")]',
               '//*[contains(@src, "/desa/")]'),
    ),
)  # fmt: skip
