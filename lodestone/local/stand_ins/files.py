"""S3: objects as files in the data directory, and presigned links that the local server opens."""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode

from botocore.exceptions import ClientError

from lodestone.data_directory.store import Store

#: Where the local server opens presigned links.
FILES_PATH = "/_local/files"


@dataclass(frozen=True)
class Object:
    """A stored object, and the file that has its bytes."""

    path: Path
    content_type: str
    size: int
    etag: str


class FileStandIn:
    """An S3 client of the template's buckets. `origin` is this server's address, for presigned links."""

    def __init__(
        self,
        buckets: Iterable[str],
        folder: Path,
        store: Store,
        secret: str,
        origin: str,
        now: Callable[[], datetime],
    ):
        self._buckets = frozenset(buckets)
        self._folder = folder
        self._store = store
        self._secret = secret.encode()
        self._origin = origin
        self._now = now

    def put_object(
        self, *, Bucket: str, Key: str, Body: bytes | IO[bytes] = b"", **rest: Any
    ) -> dict[str, Any]:
        """Store an object. Its file is complete before the store lists it."""
        self._check_bucket(Bucket, "PutObject")
        body = Body if isinstance(Body, bytes) else Body.read()
        etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        path = self._path(Bucket, Key, etag)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        partial.write_bytes(body)
        os.replace(partial, path)
        content_type = rest.get("ContentType", "binary/octet-stream")
        self._store.run(
            "insert or replace into objects values (?, ?, ?, ?, ?)",
            Bucket,
            Key,
            content_type,
            len(body),
            etag,
        )
        return {"ETag": f'"{etag}"'}

    def head_object(self, *, Bucket: str, Key: str, **_: Any) -> dict[str, Any]:
        """Return an object's size, type and ETag. Raises ClientError (404) if there is none."""
        self._check_bucket(Bucket, "HeadObject")
        found = self.find(Bucket, Key)
        if found is None:
            raise _error("404", "Not Found", 404, "HeadObject")
        return {"ContentLength": found.size, "ContentType": found.content_type, "ETag": f'"{found.etag}"'}

    def generate_presigned_url(
        self,
        operation: str,
        *,
        Params: Mapping[str, str],
        ExpiresIn: int = 3600,
        HttpMethod: str | None = None,
    ) -> str:
        """Return a link that opens an object for `ExpiresIn` seconds of the local clock.

        Raises ValueError if the operation is not `get_object`.
        """
        if operation != "get_object":
            raise ValueError(f"the local stack signs links for get_object alone, not {operation}")
        path = f"{FILES_PATH}/{Params['Bucket']}/{quote(Params['Key'])}"
        query = {
            "expires": str(int((self._now() + timedelta(seconds=ExpiresIn)).timestamp())),
            "disposition": Params.get("ResponseContentDisposition", ""),
            "type": Params.get("ResponseContentType", ""),
        }
        query["signature"] = self._sign(Params["Bucket"], Params["Key"], query)
        return f"{self._origin}{path}?{urlencode(query)}"

    def admits(self, bucket: str, key: str, query: Mapping[str, str]) -> bool:
        """Whether a presigned link has our signature and has not expired."""
        wanted = self._sign(
            bucket, key, {name: query.get(name, "") for name in ("expires", "disposition", "type")}
        )
        if not hmac.compare_digest(wanted.encode(), query.get("signature", "").encode()):
            return False
        return self._now().timestamp() < int(query["expires"])

    def find(self, bucket: str, key: str) -> Object | None:
        """Return a stored object, or None."""
        sql = "select content_type, size, etag from objects where bucket = ? and key = ?"
        rows = self._store.rows(sql, bucket, key)
        return Object(self._path(bucket, key, rows[0][2]), *rows[0]) if rows else None

    def _path(self, bucket: str, key: str, etag: str) -> Path:
        # Named by a hash, because a key may contain anything, such as `../`.
        name = hashlib.sha256(f"{bucket}/{key}/{etag}".encode()).hexdigest()
        return self._folder / name[:2] / name

    def _check_bucket(self, bucket: str, operation: str) -> None:
        if bucket not in self._buckets:
            raise _error("NoSuchBucket", f"The specified bucket does not exist: {bucket}", 404, operation)

    def _sign(self, bucket: str, key: str, query: Mapping[str, str]) -> str:
        text = "\n".join((bucket, key, query["expires"], query["disposition"], query["type"]))
        return hmac.new(self._secret, text.encode(), "sha256").hexdigest()


def _error(code: str, message: str, status: int, operation: str) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, operation)
