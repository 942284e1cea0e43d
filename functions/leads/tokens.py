"""Signed links: what a mail's links carry. One salt a purpose: a token for one thing opens no other."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner

#: How long a link works. Unsubscribing must work at least 30 days after the mail (CAN-SPAM, 16 CFR 316);
#: ours does as long as the key lives. So do counted links: whoever keeps a mail keeps what it links to. What opens
#: all that is stored of a lead is for the one who asked for it just now.
LIFETIME = {
    "click": timedelta(days=3650),
    "confirm": timedelta(days=7),
    "data": timedelta(days=1),
    "download": timedelta(days=30),
    "stay": timedelta(days=365),
    "unsubscribe": timedelta(days=3650),
}


class InvalidToken(ValueError):
    """Not a token of ours for this purpose."""


class ExpiredToken(ValueError):
    """Once valid. `payload` is what it carried, so that the page can still name the magnet."""

    def __init__(self, payload: list):
        super().__init__("the link has expired")
        self.payload = payload


class Signer:
    """Signs with the newest key, the last; verifies with each, so that a rotation breaks no mailed link."""

    def __init__(self, keys: Sequence[str]):
        if not keys:
            raise ValueError("no signing key")
        self._keys = list(keys)

    def sign(self, purpose: str, payload: list, now: datetime) -> str:
        """A URL-safe token that carries `payload` (plain JSON: a lead's id, never an address)."""
        return self._serializer(purpose, now).dumps(payload)

    def read(self, purpose: str, token: str, now: datetime) -> list:
        """The payload. Raises `InvalidToken` or `ExpiredToken`."""
        serializer = self._serializer(purpose, now)
        try:
            payload, signed_at = serializer.loads(token, return_timestamp=True)
        except BadSignature as error:
            raise InvalidToken("not a link of ours") from error
        if now - signed_at > LIFETIME[purpose]:
            raise ExpiredToken(payload)
        return payload

    def _serializer(self, purpose: str, now: datetime) -> URLSafeTimedSerializer:
        class AtNow(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(now.timestamp())

        return URLSafeTimedSerializer(self._keys, salt=f"lodestone.{purpose}", signer=AtNow)
