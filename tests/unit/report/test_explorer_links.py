"""Links from the appendix of the page to the explorer."""

import re

from graftline.report.explorer_links import link_to_explorer

PAGE = (
    '<p>os.n 9</p><dl><dt id="entry-1" data-exempt="ids and values">os.n\u00a09; pfs.survival.365\u00a056% '
    "(20\u201380), .lower\u00a020%; cir.n\u00a09</dt><dd>os.n stays; as it is 3</dd></dl>"
)


def test_each_id_of_an_entry_leads_to_its_record():
    linked = link_to_explorer(PAGE)
    assert re.findall(r'href="\.\./patient_level/explorer\.html#([^"]+)"', linked) == [
        "os.n",
        "pfs.survival.365",
        "cir.n",
    ]


def test_the_text_is_the_same():
    assert re.sub(r"</?a[^>]*>", "", link_to_explorer(PAGE)) == PAGE
