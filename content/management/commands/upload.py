"""Put an export into a bucket of an S3-compatible store."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from content.baking.upload import UploadError, upload


class Command(BaseCommand):
    """Sends what has changed since the last upload, and removes last what is gone."""

    help = (__doc__ or "") + (
        " Access, region and address of the store come from the environment, as boto3 reads it:"
        " AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL_S3."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the export, the bucket, and what is usually refused."""
        parser.add_argument("folder", type=Path, help="what `export` has written")
        parser.add_argument("bucket", help="s3://bucket or s3://bucket/prefix")
        parser.add_argument(
            "--gzip",
            action="store_true",
            help="send compressed files, for a store behind nothing that compresses",
        )
        parser.add_argument(
            "--allow-fewer",
            action="store_true",
            help="go on when more than 5 percent of the files would disappear",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Upload. Raises CommandError with what to do; run again, it goes on where it stopped."""
        try:
            done = upload(
                options["folder"],
                options["bucket"],
                gzip=options["gzip"],
                allow_fewer=options["allow_fewer"],
                progress=self._progress,
            )
        except UploadError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{done.sent} files sent, {done.kept} were there, {done.removed} removed."
        )

    def _progress(self, done: int, total: int) -> None:
        if os.isatty(2) and (done % 20 == 0 or done == total):
            self.stderr.write(f"\r{done} of {total} files", ending="\n" if done == total else "")
