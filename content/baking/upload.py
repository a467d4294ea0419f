"""An export in a bucket of any S3-compatible store: changed files only, deletions last."""

import hashlib
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from content.baking.bake import FEWEST
from content.baking.export import MARKER
from content.baking.rendering import BakeError

AT_ONCE = 8
"""Files that are sent at the same time."""
GZIP = ".gz"

Files = dict[str, dict[str, str]]
"""The headers of each file by its name, as boto3 calls them; none when they are not known."""


@dataclass(frozen=True)
class _File:
    path: Path
    tag: str
    """What the store calls these bytes when they are there."""
    headers: dict[str, str]


class UploadError(BakeError):
    """Why an upload did not end; the message says what to do. Nothing is removed by then."""


@dataclass(frozen=True)
class Uploaded:
    """What an upload has done, in files."""

    sent: int
    kept: int
    removed: int


class Bucket:
    """A place in a store, named as s3://bucket/prefix.

    Who may write there, and where the store is, boto3 reads from the environment:
    https://docs.aws.amazon.com/boto3/latest/guide/configuration.html
    """

    def __init__(self, address: str):
        parts = urlsplit(address)
        if parts.scheme != "s3" or not parts.netloc:
            raise UploadError(
                f"{address} names no bucket. Write it as s3://bucket or s3://bucket/x"
            )
        self.name = parts.netloc
        self.prefix = f"{parts.path.strip('/')}/".lstrip("/")
        config = Config(
            retries={"mode": "standard", "max_attempts": 5},
            connect_timeout=10,
            read_timeout=30,
            max_pool_connections=AT_ONCE,
            # Not every store knows the checksums that AWS asks for since 2025.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self._client: Any = boto3.session.Session().client("s3", config=config)

    def tags(self) -> dict[str, str]:
        """Return the ETag of each file that is there; of a file sent whole, its MD5."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=self.prefix
        )
        return {
            one["Key"].removeprefix(self.prefix): one["ETag"].strip('"')
            for page in pages
            for one in page.get("Contents", [])
        }

    def listed(self) -> Files:
        """Return what uploads before have listed as theirs; nothing when there was none."""
        try:
            answer = self._client.get_object(Bucket=self.name, Key=self.prefix + MARKER)
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                return {}
            raise
        try:
            return dict(json.loads(answer["Body"].read())["files"])
        except (ValueError, KeyError, TypeError) as error:
            raise UploadError(
                f"{MARKER} in the bucket was not written by an upload: is it another's bucket?"
            ) from error

    def put(self, name: str, body: bytes, headers: dict[str, str]) -> None:
        """Send one file whole: readers get the old or the new one."""
        self._client.put_object(Bucket=self.name, Key=self.prefix + name, Body=body, **headers)

    def put_list(self, files: Files) -> None:
        """Say which files are ours."""
        body = json.dumps({"files": files}).encode()
        headers = {"ContentType": "application/json", "CacheControl": "no-store"}
        self.put(MARKER, body, headers)

    def remove(self, name: str) -> None:
        """Remove one file."""
        self._client.delete_object(Bucket=self.name, Key=self.prefix + name)


def upload(
    export: Path,
    address: str,
    *,
    gzip: bool = False,
    allow_fewer: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Uploaded:
    """Make a bucket hold what an export holds. `gzip` sends compressed bytes: for stores behind
    nothing that compresses.

    May be stopped anywhere and run again: only the rest is sent. What no upload has put there is
    left alone. Raises UploadError.
    """
    new = _wanted(export, gzip)
    try:
        bucket = Bucket(address)
        there, before = bucket.tags(), bucket.listed()
        if not allow_fewer:
            _refuse_fewer(new, before)
        is_there = {name: there.get(name) == file.tag for name, file in new.items()}
        changed = [
            name
            for name, file in new.items()
            if not is_there[name] or before.get(name) != file.headers
        ]
        # Whatever happens from here on, the next upload knows which files are ours and what each
        # tag stands for. Of a file whose headers alone change, nothing is known until it is sent.
        meanwhile = {name: {} if is_there[name] else new[name].headers for name in changed}
        bucket.put_list({**before, **meanwhile})
        _send(bucket, new, changed, progress)
        gone = [name for name in before if name not in new and name in there]
        _each(bucket.remove, gone)
        bucket.put_list({name: file.headers for name, file in new.items()})
    except (BotoCoreError, ClientError) as error:
        raise UploadError(
            f"{error} Nothing that readers need was removed. Run it again: only the rest is sent."
        ) from error
    return Uploaded(len(changed), len(new) - len(changed), len(gone))


def _wanted(export: Path, gzip: bool) -> dict[str, "_File"]:
    """Return what belongs into the bucket. Raises UploadError for what is no whole export."""
    again = "Run: ./manage.py export"
    try:
        files = json.loads((export / MARKER).read_text())["files"]
    except (OSError, ValueError, KeyError) as error:
        raise UploadError(f"{export} is no export. {again}") from error
    wanted = {}
    for name, file in files.items():
        if "type" not in file:
            continue
        packed = gzip and name + GZIP in files
        stored = name + GZIP if packed else name
        path = export / stored
        body = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(body).hexdigest() != files[stored]["sha256"]:
            raise UploadError(f"{path} is missing or damaged. {again}")
        headers = {"ContentType": file["type"], "CacheControl": file["cache"]}
        headers |= {"ContentEncoding": "gzip"} if packed else {}
        tag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        wanted[name] = _File(path, tag, {key: value for key, value in headers.items() if value})
    return wanted


def _refuse_fewer(new: Iterable[str], before: Files) -> None:
    gone = sorted(before.keys() - set(new))
    if len(before) - len(gone) < FEWEST * len(before):
        raise UploadError(
            f"{len(gone)} of {len(before)} files would disappear, such as {', '.join(gone[:3])}."
            " Nothing was sent. If that is meant, add: --allow-fewer"
        )


def _send(
    bucket: Bucket,
    new: dict[str, "_File"],
    changed: list[str],
    progress: Callable[[int, int], None],
) -> None:
    """Send what pages ask for before the pages."""
    done = 0

    def send(name: str) -> None:
        nonlocal done
        bucket.put(name, new[name].path.read_bytes(), new[name].headers)
        done += 1
        progress(done, len(changed))

    _each(send, [name for name in changed if not name.endswith(".html")])
    _each(send, [name for name in changed if name.endswith(".html")])


def _each(act: Callable[[str], None], names: list[str]) -> None:
    """Act on all, some at a time; the first failure ends it."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for _ in pool.map(act, names):
                pass
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
