"""Office Open XML: what Word, Excel and PowerPoint write today (ECMA-376), told by what is in it, not by its name.

Two things count, since each is enough for an office suite: how a part is called, and what content types and
relationships say of it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from watcher import kinds
from watcher.attachments import objects
from watcher.attachments.compound import MAGIC, Compound
from watcher.attachments.limits import KIB, MIB
from watcher.attachments.parts import Element, Package, is_packaged
from watcher.attachments.references import LONGEST_FIELD, is_remote, links, of_field
from watcher.model import Finding, Trait

_TYPES: Final = "[content_types].xml"
_MOST_PARTS: Final = 1_000
"""Parts of one purpose that are read."""
_MOST_OBJECTS: Final = 100

_CODE_PARTS: Final = (
    (re.compile(r"(?:^|/)vbaproject[^/]*\.bin$"), "VBA"),
    (re.compile(r"(?:^|/)(?:intl)?macrosheets/."), "XLM"),
    (re.compile(r"(?:^|/)activex/."), "ActiveX"),
)
_CODE_TYPES: Final = (
    ("vbaproject", "VBA"),
    ("macrosheet", "XLM"),
    ("ms-office.activex", "ActiveX"),
    ("macroenabled", "macro-enabled"),
)
_CODE_RELATIONS: Final = {
    "vbaproject": "VBA",
    "xlmacrosheet": "XLM",
    "xlintlmacrosheet": "XLM",
    "control": "ActiveX",
    "activexcontrolbinary": "ActiveX",
}
_LOADED: Final = frozenset(
    {"attachedtemplate", "frame", "subdocument", "oleobject", "package", "afchunk", "control", "vbaproject"}
)
"""Relationships whose target is opened together with the document."""
_TEXT_PARTS: Final = re.compile(r"^word/(?:document|header|footer|footnotes|endnotes|comments|glossary/)[^/]*\.xml$")
_TEXT_TYPES: Final = re.compile(r"\.(?:main|header|footer|footnotes|endnotes|comments)\+xml$")


@dataclass(frozen=True, slots=True)
class _Relation:
    """One relationship (ECMA-376-2, 6.5)."""

    kind: str
    """The last word of its type, in lower case."""
    target: str
    """As it stands there, or for a part of the document its path in lower case."""
    is_external: bool


@dataclass(frozen=True, slots=True)
class _Type:
    """One content type, in lower case, and what it is given to: a path or, for a default, an extension."""

    path: str
    name: str


def recognises(filename: str, head: bytes) -> bool:
    """Whether it is an archive that an office suite opens."""
    return is_packaged(filename, head)


def look(_filename: str, content: bytes) -> Iterator[Finding]:
    """Code, what is loaded from elsewhere, objects, and at last links."""
    if _TYPES.encode() not in content.lower():
        return
    package = Package(content)
    if _TYPES not in package.entries:
        return
    types = list(_types(package))
    relations = list(_relations(package))
    yield from _code(package, types, relations)
    yield from _loaded(relations)
    yield from _embedded(package, relations)
    yield from _exchanged(package, types)
    fields = [finding for field in _fields(package, types) for finding in of_field(field)]
    yield from (finding for finding in fields if finding.trait is not Trait.LINK)
    targets = [relation.target for relation in relations if relation.is_external and relation.kind not in _LOADED]
    yield from links(targets + [finding.detail for finding in fields if finding.trait is Trait.LINK])
    package.check()


def _types(package: Package) -> Iterator[_Type]:
    """The types of parts that exist: a default counts only where a part has its extension."""
    extensions = {path.rpartition(".")[2] for path in package.entries}
    for element in package.elements(_TYPES, "Override", "Default"):
        name = element.attributes.get("ContentType", "").lower()
        if element.name == "Override":
            yield _Type(element.attributes.get("PartName", "").lstrip("/").lower(), name)
        elif element.attributes.get("Extension", "").lower() in extensions:
            yield _Type("", name)


def _relations(package: Package) -> Iterator[_Relation]:
    sizes = {path: entry.size for path, entry in package.entries.items() if path.endswith(".rels")}
    for path in sorted(sizes, key=sizes.__getitem__)[:_MOST_PARTS]:  # what is blown up must not hide the others
        folder = posixpath.dirname(path).removesuffix("_rels")
        for element in package.elements(path, "Relationship"):
            yield _relation(element, folder)


def _relation(element: Element, folder: str) -> _Relation:
    kind = element.attributes.get("Type", "").rpartition("/")[2].lower()
    target = element.attributes.get("Target", "")[:LONGEST_FIELD]
    if element.attributes.get("TargetMode", "").lower() == "external":
        return _Relation(kind, target.strip(), is_external=True)
    path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()
    return _Relation(kind, path, is_external=False)


def _code(package: Package, types: list[_Type], relations: list[_Relation]) -> Iterator[Finding]:
    found = {word for path in package.entries for pattern, word in _CODE_PARTS if pattern.search(path)}
    found |= {word for each in types for name, word in _CODE_TYPES if name in each.name}
    found |= {_CODE_RELATIONS[relation.kind] for relation in relations if relation.kind in _CODE_RELATIONS}
    if found > {"macro-enabled"}:
        found.remove("macro-enabled")  # it says no more than the others
    ribbons = {path for path in package.entries if path.startswith("customui/") and path.endswith(".xml")}
    ribbons |= {relation.target for relation in relations if relation.kind == "extensibility"}
    if any("onLoad" in ribbon.attributes for path in ribbons for ribbon in package.elements(path, "customUI")):
        found.add("customUI")
    yield from (Finding(Trait.MACRO, word) for word in sorted(found))


def _loaded(relations: list[_Relation]) -> Iterator[Finding]:
    for relation in relations:
        if relation.is_external and relation.kind in _LOADED and is_remote(relation.target):
            yield Finding(Trait.REMOTE_TEMPLATE, relation.target)


def _embedded(package: Package, relations: list[_Relation]) -> Iterator[Finding]:
    """The objects; not the tables behind charts, which are documents and are looked at for themselves."""
    paths = {path: None for path in package.entries if "/embeddings/" in path}
    paths |= {each.target: None for each in relations if each.kind == "oleobject" and not each.is_external}
    for path in islice((path for path in paths if path in package.entries), _MOST_OBJECTS):
        name = posixpath.basename(package.entries[path].path)
        head = package.read(path, 64 * KIB)
        if head.startswith(MAGIC):
            yield from _object(name, package.read(path, 2 * MIB))
        elif not is_packaged(name, head):
            yield Finding(Trait.EMBEDDED_OBJECT, name)
            if kinds.kind(name, head) == "program":
                yield Finding(Trait.EMBEDDED_FILE, "program")


def _object(name: str, content: bytes) -> Iterator[Finding]:
    found = list(objects.packages(Compound(content)))
    yield from found
    if not any(finding.trait is Trait.EMBEDDED_OBJECT for finding in found):
        yield Finding(Trait.EMBEDDED_OBJECT, name)


def _exchanged(package: Package, types: list[_Type]) -> Iterator[Finding]:
    """Cells that are filled by another program (ECMA-376-1, 18.14), which Excel starts for it."""
    paths = {path for path in package.entries if "/externallinks/" in path and path.endswith(".xml")}
    paths |= {each.path for each in types if each.name.endswith(".externallink+xml")}
    if any(package.elements(path, "ddeLink") for path in islice(sorted(paths), _MOST_PARTS)):
        yield Finding(Trait.MACRO, "DDE")


def _fields(package: Package, types: list[_Type]) -> Iterator[str]:
    """The instructions of all fields of a text (ECMA-376-1, 17.16)."""
    paths = {path for path in package.entries if _TEXT_PARTS.match(path)}
    paths |= {each.path for each in types if _TEXT_TYPES.search(each.name)}
    for path in islice(sorted(paths), _MOST_PARTS):
        yield from _instructions(package.elements(path, "fldChar", "instrText", "fldSimple"))


def _instructions(elements: list[Element]) -> Iterator[str]:
    """Put together what is spread over many runs; a QUOTE within a field says its characters as numbers."""
    stack: list[str] = []
    for element in elements:
        if element.name == "fldSimple":
            yield element.attributes.get("instr", "")
        elif element.name == "instrText":
            outer = stack.pop()[:LONGEST_FIELD] if stack else ""
            stack.append(outer + element.text)
        elif element.attributes.get("fldCharType") == "begin":
            stack.append("")
        elif element.attributes.get("fldCharType") == "end" and stack:
            instruction = stack.pop()
            if stack:
                stack[-1] += _quoted(instruction)
            yield instruction
    yield from stack


def _quoted(instruction: str) -> str:
    word, *numbers = instruction.split()[:200] or [""]
    if word.lower() != "quote":
        return ""
    return "".join(chr(int(number)) for number in numbers if number.isascii() and number.isdigit() and len(number) < 5)
