"""The page makes no text into code or markup, and asks nobody but its own server."""

import re

FORBIDDEN = {
    "innerHTML": re.compile(r"\b(inner|outer)HTML\b"),
    "insertAdjacentHTML": re.compile(r"\binsertAdjacentHTML\b"),
    "document.write": re.compile(r"\bdocument\s*\.\s*write(ln)?\b"),
    "eval": re.compile(r"\beval\s*\(|\bnew\s+Function\b|\bset(Timeout|Interval)\s*\(\s*['\"`]"),
    "parsing of markup": re.compile(r"\b(DOMParser|createContextualFragment|setHTML\w*|srcdoc)\b"),
    "an inline handler or style": re.compile(r"setAttribute\(\s*['\"](on\w+|style)['\"]"),
}
# Two names that are no addresses: what XML calls the vocabulary of SVG and of XHTML.
ABSOLUTE = re.compile(r"(?:\b(?:https?|wss?)://|['\"`]//)(?!www\.w3\.org/(?:2000/svg|1999/xhtml))"
                      r"(?!\$\{(?:window\.)?location\.host\})")
MARKUP = re.compile(r"<[^>]*\s(on\w+|style)\s*=|<script(?![^>]*\bsrc=)|\bsrcdoc\s*=", re.IGNORECASE)


def check(tree):
    for path in tree.under("web/", (".js", ".mjs", ".css", ".html", ".svg")):
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            at = f"{path}:{number}"
            if path.endswith(("js", ".html")):
                for what, pattern in FORBIDDEN.items():
                    if pattern.search(line):
                        yield f"{at}: {what} has no place in the page"
            bare = line.replace("http://www.w3.org/2000/svg", "")
            if ABSOLUTE.search(bare):
                yield f"{at}: an absolute address; everything comes from the page's own server"
            if path.endswith(".html") and MARKUP.search(line):
                yield f"{at}: code or style inside markup, which the page's policy refuses"


FAULTY = [
    ("web/js/a.js", "node.innerHTML = text;", "innerHTML"),
    ("web/js/a.js", "node.outerHTML = text;", "innerHTML"),
    ("web/js/a.js", "node.insertAdjacentHTML('beforeend', t);", "insertAdjacentHTML"),
    ("web/js/a.js", "document.write(text);", "document.write"),
    ("web/js/a.js", "eval(text);", "eval"),
    ("web/js/a.js", "setTimeout('go()', 1);", "eval"),
    ("web/js/a.js", "new DOMParser()", "parsing of markup"),
    ("web/js/a.js", "node.setAttribute('onclick', text);", "inline handler"),
    ("web/js/a.js", "import x from 'https://cdn.example/x.js';", "absolute address"),
    ("web/style.css", "@import url('//cdn.example/x.css');", "absolute address"),
    ("web/index.html", "<p onclick=\"go()\">", "inside markup"),
    ("web/index.html", "<script>go()</script>", "inside markup"),
]
