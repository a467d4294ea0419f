"""The directory as a sheet, CSV or XLSX, and back. It knows cells, and neither rules nor people."""
