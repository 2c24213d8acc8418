"""Prints the members of an archive as Python's tarfile reads them, as JSON: one object per member, offsets in bytes."""

import hashlib
import json
import sys
import tarfile

TYPES = {
    tarfile.REGTYPE: "file",
    tarfile.AREGTYPE: "file",
    tarfile.GNUTYPE_SPARSE: "file",
    tarfile.CONTTYPE: "contiguous-file",
    tarfile.DIRTYPE: "directory",
    tarfile.SYMTYPE: "symlink",
    tarfile.LNKTYPE: "hardlink",
    tarfile.FIFOTYPE: "fifo",
}


def digest(archive, member):
    if not member.isreg():
        return None
    content = archive.extractfile(member)
    return hashlib.file_digest(content, "sha256").hexdigest()


with tarfile.open(sys.argv[1], "r:") as archive:
    print(
        json.dumps(
            [
                {
                    "path": member.name,
                    "type": TYPES[member.type],
                    "size": member.size,
                    "offset": member.offset_data,
                    "headerOffset": member.offset,
                    "mode": member.mode,
                    "seconds": int(member.mtime // 1),
                    "linkPath": member.linkname or None,
                    "stretches": [[at, length] for at, length in member.sparse if length] if member.issparse() else None,
                    "sha256": digest(archive, member),
                }
                for member in archive
            ]
        )
    )
