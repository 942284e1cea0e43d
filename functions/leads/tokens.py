"""The signed tokens of a mail's links. Each purpose has a salt: a token for one is not valid for another."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner


class InvalidToken(ValueError):
    """The token is not one of ours for this purpose."""


class ExpiredToken(ValueError):
    """The token was valid once. `payload` is what it carries, so that the page can still name the magnet."""

    def __init__(self, payload: list[Any]):
        super().__init__("the link has expired")
        self.payload = payload


class Signer:
    """Signs with the newest key, the last; verifies with each, so that a rotation breaks no mailed link."""

    def __init__(self, keys: Sequence[str]):
        if not keys:
            raise ValueError("no signing key")
        self._keys = list(keys)

    def sign(self, purpose: str, payload: list[Any], now: datetime) -> str:
        """A URL-safe token that carries `payload` (plain JSON: a lead's id, never an address)."""
        return self._serializer(purpose, now).dumps(payload)

    def read(self, purpose: str, token: str, now: datetime, lifetime: timedelta) -> list[Any]:
        """The payload. Raises InvalidToken if it is not ours for this purpose, ExpiredToken if it is old.

        `lifetime` is how long links of the purpose work (`leads.link_types.lifetime_of`).
        """
        serializer = self._serializer(purpose, now)
        try:
            payload, signed_at = serializer.loads(token, return_timestamp=True)
        except BadSignature as error:
            raise InvalidToken("not a link of ours") from error
        if now - signed_at > lifetime:
            raise ExpiredToken(payload)
        return payload

    def _serializer(self, purpose: str, now: datetime) -> URLSafeTimedSerializer:
        class AtNow(TimestampSigner):
            def get_timestamp(self) -> int:
                return int(now.timestamp())

        return URLSafeTimedSerializer(self._keys, salt=f"lodestone.{purpose}", signer=AtNow)
