"""`translate` and `url` as templates use them most, without what only their rarer forms need.

A page of the desk has sixty words and thirty addresses in its templates, and Django's own nodes take a quarter of
the time of the whole page for them: each word passes through a lazy string, each address through all routes.
Every form that is not the plain one is left to Django's node.
"""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Context, Node
from django.template.base import FilterExpression, Parser, Token, Variable
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as usual_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext


class Word(Node):
    """A plain sentence of a template in the reader's language; from our own files, so it is not escaped."""

    def __init__(self, sentence: str, context: str | None, name: str | None) -> None:
        self.sentence = sentence.replace("%", "%%")
        self.context = context
        self.name = name

    def render(self, context: Context) -> SafeString:
        said = pgettext(self.context, self.sentence) if self.context else gettext(self.sentence)
        word = SafeString(said.replace("%%", "%"))
        if self.name is None:
            return word
        context[self.name] = word
        return SafeString("")


def translate(parser: Parser, token: Token) -> Node:
    """`{% translate "…" %}`, with `context "…"` and `as name` if need be."""
    node: TranslateNode = do_translate(parser, token)
    sentence = _plain(node.filter_expression)
    context = _plain(node.message_context) if node.message_context else None
    if node.noop or sentence is None or (node.message_context and context is None):
        return node
    return Word(sentence, context, node.asvar)


def _plain(expression: FilterExpression) -> str | None:
    """The text that stands in the template itself; None when it is reckoned there."""
    variable: Any = expression.var
    if expression.filters:
        return None
    if isinstance(variable, Variable):
        variable = variable.literal
    return str(variable) if isinstance(variable, str) else None


class Address(Node):
    """The address of a route with at most one name in it."""

    def __init__(self, usual: URLNode, route: str) -> None:
        self.usual = usual
        self.route = route

    def render(self, context: Context) -> str:
        urlconf = get_urlconf() or settings.ROOT_URLCONF
        name = self.usual.args[0].resolve(context) if self.usual.args else ""
        parts = _parts(urlconf, self.route, bool(self.usual.args))
        if parts is None or (self.usual.args and not _is_simple(name)):
            return str(self.usual.render(context))
        address = escape(name.join(parts))
        if self.usual.asvar is None:
            return address
        context[self.usual.asvar] = address
        return ""


def _is_simple(name: Any) -> bool:
    """Whether the name stands in an address as it is."""
    return isinstance(name, str) and name.isascii() and name.replace("-", "").replace("_", "").isalnum()


@lru_cache(maxsize=1024)
def _parts(urlconf: str, route: str, has_name: bool) -> tuple[str, ...] | None:
    """The address before and after the name; None for a route that is not there or takes no plain name."""
    try:
        if not has_name:
            return (reverse(route, urlconf=urlconf),)
        before, _name, after = reverse(route, urlconf=urlconf, args=["~"]).partition("~")
    except NoReverseMatch:
        return None
    return before, after


def url(parser: Parser, token: Token) -> Node:
    """`{% url "route" %}` and `{% url "route" name %}`, with `as name` if need be."""
    node: URLNode = usual_url(parser, token)
    route = _plain(node.view_name)
    if route is None or node.kwargs or len(node.args) > 1:
        return node
    return Address(node, route)
