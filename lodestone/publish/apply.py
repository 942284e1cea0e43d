"""Carry out a write plan: phase after phase, the writes of a phase in parallel."""

import base64
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from datetime import datetime
from functools import singledispatchmethod

from lodestone.publish.write_plan import Phase, WritePlan
from lodestone.publish.writes import Drop, Invalidation, Put, Removal, Upload, Write
from lodestone.stack.clients import WORKERS, Clients
from lodestone.stack.errors import told_plainly


class Publisher:
    """Writes to the stack that `clients` reach. `now` distinguishes one invalidation from the next."""

    def __init__(self, clients: Clients, now: Callable[[], datetime], workers: int = WORKERS):
        self._clients = clients
        self._now = now
        self._workers = workers

    def apply(self, plan: WritePlan, wrote: Callable[[], None] = lambda: None) -> None:
        """Do every write; `wrote` is called after each.

        Raises AwsError if a write fails, once the writes in parallel have ended. What was written stays, and the next
        run goes on from there.
        """
        with ThreadPoolExecutor(self._workers) as pool:
            for phase in plan.phases:
                self._run(pool, phase, wrote)

    def _run(self, pool: ThreadPoolExecutor, phase: Phase, wrote: Callable[[], None]) -> None:
        futures = [pool.submit(self._write, each) for each in phase]
        try:
            for future in as_completed(futures):
                future.result()
                wrote()
        except BaseException:
            for future in futures:
                future.cancel()
            wait(futures)
            raise

    @singledispatchmethod
    def _write(self, write: Write) -> None:
        raise TypeError(f"no such write: {write!r}")

    @_write.register
    def _(self, write: Upload) -> None:
        file = write.file
        with told_plainly("s3"), file.path.open("rb") as body:
            self._clients.s3.put_object(
                Bucket=write.bucket,
                Key=file.key,
                Body=body,
                ContentMD5=base64.b64encode(bytes.fromhex(file.md5)).decode(),
                ContentType=file.content_type,
                CacheControl=file.cache_control,
            )

    @_write.register
    def _(self, write: Removal) -> None:
        with told_plainly("s3"):
            self._clients.s3.delete_object(Bucket=write.bucket, Key=write.key)

    @_write.register
    def _(self, write: Put) -> None:
        with told_plainly("dynamodb"):
            self._clients.dynamodb.put_item(TableName=write.table, Item=write.item)

    @_write.register
    def _(self, write: Drop) -> None:
        with told_plainly("dynamodb"):
            self._clients.dynamodb.delete_item(TableName=write.table, Key=write.key)

    @_write.register
    def _(self, write: Invalidation) -> None:
        """Create the invalidation. Its reference is the same for the call's retries, and differs between runs."""
        digest = hashlib.sha256("\n".join(write.paths).encode()).hexdigest()[:16]
        batch = {
            "Paths": {"Quantity": len(write.paths), "Items": list(write.paths)},
            "CallerReference": f"lodestone-{self._now().isoformat()}-{digest}",
        }
        with told_plainly("cloudfront"):
            self._clients.cloudfront.create_invalidation(
                DistributionId=write.distribution_id, InvalidationBatch=batch
            )
