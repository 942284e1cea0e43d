"""Patterns that the browser and the server must read alike.

A field's pattern becomes an HTML `pattern` attribute, which browsers compile with JavaScript's strict `v` flag,
and is checked again by Python's `re`. A browser silently ignores a pattern it cannot compile, so whatever the
two do not share is refused here (HTML Standard, "The pattern attribute"; ECMA-262, ClassSetCharacter).
"""

import re

_GROUP_KINDS = {
    r"\(\?[<!=]|\(\?P": "look-ahead, look-behind and named groups",
    r"\(\?[^:<!=P]": "inline flags such as `(?i)`",
    r"[*+?}]\+": "possessive quantifiers such as `++`",
}
_QUANTIFIER = re.compile(r"\{\d+(,\d*)?\}")
_SYNTAX = r"^$\.*+?()[]{}|/"
_ESCAPES = "dDsSwWbBtnvfr0123456789"
_ESCAPES_IN_CLASS = "-&!#%,:;<=>@`~"
_HEX = re.compile(r"x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}")
_RESERVED_IN_CLASS = "()[{}/|"


def pattern_trouble(pattern: str) -> str:
    """Why a pattern cannot be used, or ""."""
    trouble = _strict_trouble(pattern)
    if trouble:
        return trouble
    try:
        re.compile(pattern)
    except re.error as error:
        return f"this is not a regular expression: {error.msg} at character {(error.pos or 0) + 1}"
    return ""


def _strict_trouble(pattern: str) -> str:
    bare = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "_", pattern)
    for shape, name in _GROUP_KINDS.items():
        if re.search(shape, bare):
            return f"{name} do not work in a form's pattern"
    position, class_start = 0, -1
    while position < len(pattern):
        step, trouble = _step(pattern, position, class_start)
        if trouble:
            return trouble
        if class_start < 0 and pattern[position] == "[":
            class_start = position
        elif class_start >= 0 and pattern[position] == "]":
            class_start = -1
        position += step
    return ""


def _step(pattern: str, position: int, class_start: int) -> tuple[int, str]:
    """How many characters the next token takes, and what is wrong with it."""
    char = pattern[position]
    if char == "\\":
        return _escape(pattern, position, class_start >= 0)
    if class_start < 0:
        return _outside_class(pattern, position)
    if char in _RESERVED_IN_CLASS:
        return 1, f"`{char}` within `[…]` needs a backslash: `\\{char}`"
    first = position == class_start + 1 or pattern[class_start + 1 : position] == "^"
    if char == "-" and (first or pattern[position + 1 : position + 2] in ("]", "")):
        return 1, "a `-` at the edge of `[…]` needs a backslash: `\\-`"
    return 1, ""


def _outside_class(pattern: str, position: int) -> tuple[int, str]:
    char = pattern[position]
    if char == "{":
        quantifier = _QUANTIFIER.match(pattern, position)
        if quantifier:
            return len(quantifier[0]), ""
    if char in "{}]":
        return 1, f"`{char}` that stands for itself needs a backslash: `\\{char}`"
    return 1, ""


def _escape(pattern: str, position: int, in_class: bool) -> tuple[int, str]:
    char = pattern[position + 1 : position + 2]
    code = _HEX.match(pattern, position + 1)
    if code:
        return 1 + len(code[0]), ""
    allowed = _SYNTAX + _ESCAPES + (_ESCAPES_IN_CLASS if in_class else "")
    if not char or char not in allowed:
        return 2, f"browsers refuse `\\{char}` here" + ("; write it without the backslash" if char else "")
    return 2, ""
