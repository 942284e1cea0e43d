"""A lead's identity: an address or a phone number in normal form, and the id that is made from it.

The id is a keyed hash: the same person always gets the same partition without a look-up, and no address
appears in a key, a log line, a link or a schedule's name.
"""

import base64
import hashlib
import hmac


class InvalidAnswer(ValueError):
    """A visitor's answer is not valid. The message tells the visitor what to do."""


def normalise_email(text: str) -> str:
    """The address to send to, its domain in ASCII (RFC 5321, IDNA 2008). The local part keeps its case.

    Raises InvalidAnswer if it is not an address, or if its local part is not ASCII: SES does not send to
    those.
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
    """The number as E.164 (`+4930901820`). `country` (ISO 3166) is the country of a number without +….

    Raises InvalidAnswer if it is not a valid number.
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
    """The lead's id, by the e-mail address if there is one, else the phone.

    It is 26 characters of base32: 130 bits of HMAC-SHA256.

    The case of an address is ignored: no large mail provider distinguishes `Ann@` from `ann@`.
    """
    contact = f"mailto:{email.lower()}" if email else f"tel:{phone}"
    digest = hmac.new(key.encode(), contact.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:26]


_PHONE_HELP = "Enter a phone number with its country code, such as +1 202 555 0114."
