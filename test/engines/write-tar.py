"""Packs a directory with Python's tarfile: write-tar.py FORMAT ARCHIVE DIRECTORY."""

import sys
import tarfile

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}

name, path, directory = sys.argv[1:]
with tarfile.open(path, "w", format=FORMATS[name]) as archive:
    archive.add(directory, arcname="tree")
