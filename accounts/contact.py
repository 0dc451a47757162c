"""How a shopper is named and reached: e-mail, phone, names, pincodes, in one spelling.

Every function returns the cleaned text or raises ValueError.
"""

import re
import unicodedata

import idna
import phonenumbers

EMAIL_LENGTH = 254
NAME_LENGTH = 60
# Joiners are part of the spelling of Indian scripts; every other invisible character
# can only mislead the people who read a label or a screen.
JOINERS = "\u200c\u200d"
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
PINCODE = re.compile(r"[1-9][0-9]{5}")


def normal_email(text: str) -> str:
    """The one spelling of an address: NFKC, lower case, the domain in IDNA letters.

    Plus-tags and dots stay: they are different mailboxes.
    """
    plain = unicodedata.normalize("NFKC", text.strip()).lower().strip()
    local, at, domain = plain.rpartition("@")
    if not (local and at and domain):
        raise ValueError("not an e-mail address")
    try:
        host = idna.encode(domain, uts46=True).decode("ascii").lower()
    except idna.IDNAError as error:
        raise ValueError("not a domain name") from error
    email = f"{local}@{host}"
    if len(email) > EMAIL_LENGTH:
        raise ValueError("too long for an e-mail address")
    return email


def indian_phone(text: str) -> str:
    """E.164, ``+919849012345``, from any usual way of writing an Indian number."""
    try:
        number = phonenumbers.parse(text, "IN")
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    if number.country_code != 91 or not phonenumbers.is_valid_number(number):
        raise ValueError("not an Indian phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def one_line(text: str) -> str:
    """Text for one line of a label: NFC, single spaces, nothing invisible."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    for letter in plain:
        if letter not in JOINERS and unicodedata.category(letter) in INVISIBLE:
            raise ValueError("an invisible character")
    return plain


def visible(text: str) -> str:
    """Text for people and for the screens of other programs: NFC, on one line, without
    what cannot be seen. A line's end or an escape typed here would act there."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(
        letter
        for letter in plain
        if letter in JOINERS or unicodedata.category(letter) not in INVISIBLE
    ).strip()


def indian_pincode(text: str) -> str:
    """Six ASCII digits, the first not zero; a space in the middle is forgiven."""
    digits = text.replace(" ", "")
    if not PINCODE.fullmatch(digits):
        raise ValueError("not a pincode")
    return digits
