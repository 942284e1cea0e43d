"""Who a lead is: an address or a phone number in one normal form, and the id that stands for it everywhere.

The id is a keyed hash, so the same person always lands in the same partition without a look-up, and no
address appears in a key, a log line, a link or a schedule's name.
"""

import base64
import hashlib
import hmac


class InvalidAnswer(ValueError):
    """A visitor's answer that cannot be right; the message says what to do, to the visitor."""


def normalise_email(text: str) -> str:
    """The address to send to, its domain in ASCII (RFC 5321, IDNA 2008). The local part keeps its case.

    Raises `InvalidAnswer`. An address whose local part is not ASCII is refused: SES does not send to it.
    """
    from email_validator import EmailNotValidError, validate_email

    if not text.partition("@")[0].isascii():
        raise InvalidAnswer("Before the @ of an address only the letters a to z, digits and signs reach us.")
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InvalidAnswer("Enter an e-mail address such as name@example.com.") from error
    return found.ascii_email or found.normalized


def normalise_phone(text: str, country: str) -> str:
    """The number as E.164 (`+4930901820`). `country` (ISO 3166) is where a number without +… is at home.

    Raises `InvalidAnswer`.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException as error:
        raise InvalidAnswer(_PHONE_HELP) from error
    if not phonenumbers.is_valid_number(number):
        raise InvalidAnswer(_PHONE_HELP)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def lead_id(key: str, *, email: str = "", phone: str = "") -> str:
    """26 characters of base32 (130 bits of HMAC-SHA256): by the e-mail address if there is one, else the phone.

    The address is compared without regard to case: no mail provider of note tells `Ann@` from `ann@`.
    """
    contact = f"mailto:{email.lower()}" if email else f"tel:{phone}"
    digest = hmac.new(key.encode(), contact.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:26]


_PHONE_HELP = "Enter a phone number with its country code, such as +1 202 555 0114."
