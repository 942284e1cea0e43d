"""Codes that nobody can guess, and that nobody can mistype."""

#: Digits and capitals without 0 and O, 1 and I and L, which are taken for each other, and without vowels and Y, so that
#: no words arise.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"

_LENGTH, _GROUP = 15, 5


def make_code(digits: str) -> str:
    """A code of 71 bits, `8K3TR-W2NQX-7HM5P`, out of at least 96 random bits as hexadecimal digits.

    The bits beyond 71 keep every code equally likely. Raises ValueError if there are fewer.
    """
    if len(digits) < 24:
        raise ValueError(f"24 hexadecimal digits are needed, not {len(digits)}")
    number = int(digits, 16)
    letters = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    code = "".join(letters)
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))
