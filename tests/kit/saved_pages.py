"""Pages that people send each other: saved from the web, exported from programs, sent by banks, railways and shops."""

from __future__ import annotations

import gzip
import json

from tests.kit.archives import PNG, pack_document
from tests.kit.pages import FORM, LINK, PASSWORD, Page, encode, html, mhtml, noise, page, script, svg

_ANALYTICS = """
(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),event:'gtm.js'});
var f=d.getElementsByTagName(s)[0],j=d.createElement(s),dl=l!='dataLayer'?'&l='+l:'';j.async=true;
j.src='https://tags.example/gtm.js?id='+i+dl;f.parentNode.insertBefore(j,f);
})(window,document,'script','dataLayer','X');
if (top != self) { top.location = self.location; }
var page = window.location.href.split('#')[0];
document.querySelectorAll('[data-go]').forEach(function(e){
  e.addEventListener('click', function(){ window.location.href = 'https://shop.example/' + e.dataset.go; });
});
function login(){ location.href = 'https://shop.example/login'; }
menu.onclick = () => location.assign('https://shop.example/menu');
"""
_EXPORT = """
function exportCsv() {
  const rows = [...document.querySelectorAll('tr')].map(r => [...r.cells].map(c => c.innerText).join(','));
  const blob = new Blob([rows.join('\\n')], {type: 'text/csv'});
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob); link.download = 'report.csv';
  document.body.appendChild(link); link.click(); link.remove();
}
document.getElementById('export').addEventListener('click', exportCsv);
"""
_SAVER = """
(function(g,f){typeof exports=='object'?module.exports=f():g.saver=f()})(this,function(){
var saveAs=g.saveAs||function(blob,name){var a=document.createElement('a');a.download=name||'download';
a.href=URL.createObjectURL(blob);setTimeout(function(){a.dispatchEvent(new MouseEvent('click'))},0)};
function dataUri(u){var d=atob(u.split(',')[1]);var o=new Uint8Array(d.length);
for(var i=0;i<d.length;i++)o[i]=d.charCodeAt(i);return new Blob([o])}
return {saveAs:saveAs,dataUri:dataUri}});
$('#save').click(function(){ saver.saveAs(saver.dataUri(canvas.toDataURL()), 'chart.png') });
"""
_WORKER = "const w = new Worker(URL.createObjectURL(new Blob(['onmessage=e=>postMessage(e.data)'])));"
_PICTURE = f"data:image/png;base64,{encode(PNG + noise(9000))}"
_WASM = b"\0asm" + noise(4_000)
_FONT = f"@font-face{{font-family:x;src:url(data:font/woff2;base64,{encode(b'wOF2' + noise(9000))}) format('woff2')}}"


def _saved_shop() -> str:
    search = "<form action='https://shop.example/search' role=search><input name=q><button>Go</button></form>"
    body = f"<a href='https://shop.example/'>Shop</a>{search}<img src='{_PICTURE}' id=logo>" + script(_ANALYTICS)
    return html(body, f"<style>{_FONT}</style><script src='https://tags.example/a.js'></script>")


def _report() -> str:
    """A single page with all its data: figures, pictures, typed arrays, and a button that writes out the table."""
    data = {
        "figures": [number % 251 for number in range(3_000)],
        "bdata": encode(noise(6_000)),
        "picture": _PICTURE,
        "rows": [{"name": f"host {number}", "sha": f"{number:064x}"} for number in range(500)],
    }
    body = "<button id=export>Export CSV</button><table><tr><td>1</table>"
    return html(body + script(f"const DATA = {json.dumps(data)};\ndraw(DATA.figures);{_EXPORT}{_WORKER}"))


def _compressed_report() -> str:
    packed = encode(gzip.compress(noise(5_000)))
    return html("<div id=app></div>" + script(f"window.report = '{packed}'; render(inflate(atob(window.report)));"))


def _library() -> str:
    """A report that brings along a chart library as long as such libraries are, with an export of its own."""
    functions = "".join(f"function f{n}(e,t){{var n=e.x||t;return n.push(e),n.set(t,e),t=n,e=t}}" for n in range(3_000))
    return html(
        "<div id=chart></div>" + script(functions + _SAVER + functions) + script(f"draw('{encode(noise(4_000))}')")
    )


def _spreadsheet() -> str:
    rows = "".join(f"<tr><td class=xl65>{n}</td><td class=xl66>{n * 17 % 1000}</td></tr>\n" for n in range(800))
    head = "<!--[if gte mso 9]><xml><x:ExcelWorkbook/></xml><form action='https://a.example'><![endif]-->"
    return html(f"<table border=0>{rows}</table>", head + "<style>.xl65{mso-number-format:General}</style>")


def _filters() -> str:
    fields = "<select name=year><option>2026</select><input type=checkbox name=open><input type=range name=n>"
    return html(
        f"<form>{fields}<input type=button value=Show></form>" + script("show(new FormData(document.forms[0]))")
    )


def _flight() -> str:
    code = "<svg viewBox='0 0 99 99'><path d='M0 0h7v1H0z'/></svg>" * 30
    return html(f"<h1>Boarding pass</h1>{code}<img src='{_PICTURE}'><a href='https://air.example/checkin'>Check in</a>")


def _viewer() -> str:
    """What some banks send instead of a mail: its text, encrypted, and a form for the password."""
    form = "<form action='https://securemail.bank.example/open' method=post>"
    fields = f"<input type=hidden name=msg value='{encode(noise(4_000))}'><input type=password name=password>"
    return html(f"<h1>Secure message</h1>{form}{fields}<input type=submit></form>")


_BLUR = '<filter id="b"><feGaussianBlur stdDeviation="2"/></filter>'
_TURN = (
    '<animateTransform attributeName="transform" type="rotate" from="0" to="360" dur="2s" repeatCount="indefinite"/>'
)
_EDITOR = '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" onset="">'

INNOCENT: tuple[Page, ...] = (
    page("shop page", "Shop.html", _saved_shop, (LINK, "https://shop.example/"), (LINK, "https://shop.example/search")),
    page(
        "newsletter",
        "news.html",
        html("<a href='https://n.example/1'><img src='https://n.example/1.png'></a>" * 40),
        (LINK, "https://n.example/1"),
    ),
    page(
        "unsubscribe by mail",
        "news.htm",
        html("<form action='mailto:off@n.example'><input name=why></form>"),
        (LINK, "mailto:off@n.example"),
    ),
    page(
        "donation button",
        "club.html",
        html("<form action='https://pay.example/d'><input type=hidden name=id value=7><input type=image></form>"),
        (LINK, "https://pay.example/d"),
    ),
    page(
        "bank's viewer",
        "securedoc.html",
        _viewer,
        (FORM, "https://securemail.bank.example/open"),
        (PASSWORD, "password"),
    ),
    page("report with an export", "report.html", _report),
    page("compressed report", "report.html", _compressed_report),
    page("report with a library", "charts.html", _library),
    page("canvas saved on a click", "draw.html", html("<canvas></canvas>" + script(_SAVER))),
    page("table as a link", "table.html", html("<a download=t.csv href='data:text/csv,a%2Cb%0A1%2C2'>CSV</a>")),
    page(
        "date as a link",
        "invite.html",
        html(f"<a download=d.ics href='data:text/calendar;base64,{encode('BEGIN:VCALENDAR' * 200)}'>Add</a>"),
    ),
    page("picture as a link", "photo.html", html(f"<a download=photo.png href='{_PICTURE}'>Save</a>")),
    page("spreadsheet", "list.htm", _spreadsheet),
    page("Japanese spreadsheet", "一覧.htm", html("<td>請求一覧</td>").replace("utf-8", "Shift_JIS").encode("cp932")),
    page("calendar", "calendar.html", html("<table>" + "<tr>" + "<td>1<br>会議</td>" * 31 + "</table>")),
    page("filters", "plan.html", _filters),
    page("boarding pass", "boarding.html", _flight, (LINK, "https://air.example/checkin")),
    page("e-ticket", "ticket.html", html("<p>QR</p><img src='data:image/svg+xml,%3Csvg xmlns=%22x%22/%3E'>")),
    page("page that reloads", "status.html", html("<p>up</p>", "<meta http-equiv=refresh content=30>")),
    page(
        "moved, with a word about it",
        "moved.html",
        html(
            "<a href='https://new.example/'>here</a>", "<meta http-equiv=refresh content='15;url=https://new.example/'>"
        ),
        (LINK, "https://new.example/"),
    ),
    page(
        "without scripts",
        "mail.html",
        html("<p>x", "<noscript><meta http-equiv=refresh content='0;url=https://m.example/?noscript=1'></noscript>"),
        (LINK, "https://m.example/?noscript=1"),
    ),
    page("manual", "manual.html", html("<pre>&lt;input type=password&gt; &lt;form action=https://a.example&gt;</pre>")),
    page("commented out", "a.html", html("<!-- <form action='https://a.example'><input type=password></form> -->")),
    page("text area", "a.html", html("<textarea><form action='https://a.example'><input type=password></textarea>")),
    page(
        "templates of a library",
        "app.html",
        html(
            script("var t={row:'<form class=row><input type=text name=x></form>',a:'<a href=\"https://a.example\">'};")
        ),
    ),
    page("checks a field", "app.html", html(script("if (field.type === 'password' || f.type == \"password\") hide()"))),
    page(
        "source map",
        "app.html",
        html(
            script(
                "go()\n//# sourceMappingURL=data:application/json;base64,"
                + encode(json.dumps({"version": 3, "x": "y" * 2000}))
            )
        ),
    ),
    page("web assembly", "app.html", html(script(f"run(new Blob([unpack('{encode(_WASM)}')]))"))),
    page("worker", "app.html", html(script(_WORKER))),
    page(
        "notebook",
        "notebook.html",
        html(f"<div class=output><img src='{_PICTURE}'></div>" * 3, f"<style>{_FONT}</style>"),
    ),
    page(
        "saved by Chrome",
        "page.mhtml",
        mhtml(
            [
                ("text/html", html("<a href='https://w.example/'>x</a>").encode()),
                ("image/png", PNG),
                ("text/css", b"a{}"),
            ]
        ),
        (LINK, "https://w.example/"),
    ),
    page("logo", "logo.svg", svg('<path fill="#036" d="M0 0h9v9H0z"/><title>Acme</title>')),
    page(
        "logo with a link",
        "logo.svg",
        svg('<a xlink:href="https://acme.example/"><circle r="3"/></a>'),
        (LINK, "https://acme.example/"),
    ),
    page("animation", "spinner.svg", svg(f"<style>@keyframes a{{to{{opacity:0}}}}</style><g>{_TURN}</g>{_BLUR}")),
    page("from an editor", "plan.svg", svg(f'{_EDITOR}</sodipodi:namedview><image xlink:href="{_PICTURE}"/>')),
    page("compressed drawing", "logo.svgz", gzip.compress(svg("<rect/>").encode())),
    page(
        "diagram with text",
        "diagram.svg",
        svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">on load = 3</p></foreignObject>'),
    ),
    page(
        "data", "feed.xhtml", '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p/></body></html>'
    ),
    page("empty", "empty.html", ""),
    page("no page at all", "odd.html", noise(3_000)),
    page("document by a wrong name", "letter.html", pack_document({"word/document.xml": b"<w/>"})),
)
