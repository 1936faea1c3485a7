"""Every string that is marked for translation, in code and templates, has its Indonesian."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

import central

FOLDER = Path(central.__file__).parent
CATALOGUE = FOLDER / "locale" / "id" / "LC_MESSAGES" / "django"
MESSAGE_AT = {
    "_": (None, 0),
    "gettext": (None, 0),
    "gettext_lazy": (None, 0),
    "ngettext": (None, 0),
    "ngettext_lazy": (None, 0),
    "pgettext": (0, 1),
    "pgettext_lazy": (0, 1),
    "npgettext": (0, 1),
    "npgettext_lazy": (0, 1),
}
"""Which argument of each is the context, and which the message."""
IN_TEMPLATES = re.compile(r"""\b(n?p?gettext|_)\(((?:\s*u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*,?)+)""", re.DOTALL)


def entries(po: str) -> dict[str, str]:
    """Keys as in the compiled catalogue (context and EOT before the msgid) → translation."""
    found = {}
    apart = re.sub(r'(?m)^(msgstr.*\n(?:".*\n)*)(?=#|msgid|msgctxt)', r"\1\n", po)
    for block in apart.strip().split("\n\n"):
        fields: dict[str, str] = {}
        for name, text in re.findall(r'^(msg\w+(?:\[0\])?) (".*"(?:\n".*")*)', block, re.MULTILINE):
            fields[name] = "".join(ast.literal_eval(line) for line in text.split("\n"))
        found[_key(fields.get("msgctxt"), fields["msgid"])] = fields.get("msgstr") or fields.get("msgstr[0]", "")
    return found


def source() -> str:
    return CATALOGUE.with_suffix(".po").read_text(encoding="utf-8")


def marked_in_python(code: str) -> Iterator[str]:
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in MESSAGE_AT:
            continue
        context, message = MESSAGE_AT[call.func.id]
        texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
        if len(texts) > message and isinstance(texts[message], str):
            yield _key(None if context is None else texts[context], texts[message])


def marked_in_template(code: str) -> Iterator[str]:
    """As `makemessages` finds them: Django itself turns a template into calls."""
    for name, arguments in IN_TEMPLATES.findall(templatize(code)):
        context, message = MESSAGE_AT[name]
        texts = ast.literal_eval(f"({arguments.rstrip().rstrip(',')},)")
        yield _key(None if context is None else texts[context], texts[message])


def _key(context: str | None, message: str) -> str:
    return message if context is None else f"{context}\x04{message}"


def test_what_is_found() -> None:
    code = """_("a"); ngettext("one", "many", n); pgettext_lazy("day", "Sun"); _(name); other("b")"""
    assert list(marked_in_python(code)) == ["a", "one", "day\x04Sun"]
    template = """{% load i18n %}<p title="{% translate "It’s a" %}">{% blocktranslate count n=x %}{{ n }} permit
      {% plural %}{{ n }} permits{% endblocktranslate %}{% translate 'Sun' context "day" %}{{ x }}"""
    assert list(marked_in_template(template)) == ["It’s a", "%(n)s permit\n      ", "day\x04Sun"]


def test_every_marked_string_is_translated() -> None:
    known = {key for key, translation in entries(source()).items() if translation}
    marked = {key for file in FOLDER.rglob("*.py") for key in marked_in_python(file.read_text(encoding="utf-8"))}
    marked |= {key for file in FOLDER.rglob("*.html") for key in marked_in_template(file.read_text(encoding="utf-8"))}
    assert len(marked) > 400
    assert marked - known == set(), "add these and their Indonesian to django.po, and run msgfmt"


def test_nothing_is_guessed() -> None:
    assert "fuzzy" not in source(), "a machine guessed this: look at it"
    assert "#~" not in source(), "nobody says this any more: delete it"


def test_compiled_catalogue_is_that_of_the_source() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for key, translation in entries(source()).items():
        if not key:
            continue
        assert translation, f"{key!r} has no translation"
        context, _eot, message = key.rpartition("\x04")
        got = compiled.pgettext(context, message) if context else compiled.gettext(message)
        plural = compiled.ngettext(message, message, 2)
        assert translation in {got, plural}, f"{key!r}: run msgfmt on {CATALOGUE}.po"
