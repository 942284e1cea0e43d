"""The gated files: a private bucket, opened for minutes by a presigned link."""

from typing import Any
from urllib.parse import quote

from leads.features.downloads import Asset

#: Long enough to start a download on a slow line, too short to pass the link around.
LINK_SECONDS = 900


class Assets:
    """One bucket, through a boto3 S3 client."""

    def __init__(self, client: Any, bucket: str):
        self._client = client
        self._bucket = bucket

    def link(self, asset: Asset) -> str:
        """A link to the file that works for `LINK_SECONDS`. No request is made."""
        return self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": asset.key,
                "ResponseContentType": asset.content_type,
                "ResponseContentDisposition": disposition(asset),
            },
            ExpiresIn=LINK_SECONDS,
        )


def disposition(asset: Asset) -> str:
    """A web page opens in the browser, everything else is saved under its name (RFC 6266, RFC 8187)."""
    how = "inline" if asset.content_type.startswith("text/html") else "attachment"
    return f"{how}; filename*=UTF-8''{quote(asset.filename, safe='')}"
