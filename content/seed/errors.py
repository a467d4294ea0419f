"""What is said when a shipped file is broken."""


class SeedError(Exception):
    """A shipped file cannot be loaded: its name, the row, the field; nothing is written."""

    def __init__(self, file: str, row: int | str, field: str, message: str) -> None:
        self.file, self.row, self.field, self.message = file, row, field, message
        super().__init__(f"{file}, row {row}, {field}: {message}")
