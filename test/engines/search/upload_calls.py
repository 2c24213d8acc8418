"""Uploads tables to a running archive that has the sample deliveries, with pyvo and astropy; prints what comes back.

usage: upload_calls.py URL
"""

import io
import json
import sys

import numpy as np
import pyarrow
import pyarrow.parquet
import pyvo
import requests
from astropy.io.votable import from_table, parse
from astropy.table import MaskedColumn, Table

url = sys.argv[1]
service = pyvo.dal.TAPService(f"{url}/tap")
positions = service.search("SELECT TOP 3 s_ra AS ra, s_dec AS dec, obs_id FROM ivoa.obscore ORDER BY obs_id").to_table()

mine = Table(
    {
        "id": MaskedColumn(np.arange(3, dtype=np.int32), mask=[False, True, False]),
        "small": MaskedColumn(np.arange(3, dtype=np.int16), mask=[False, True, False]),
        "big": np.array([2**53 + 1, -(2**62), 0], dtype=np.int64),
        "byte": np.array([0, 128, 255], dtype=np.uint8),
        "flux": np.array([0.5, np.nan, np.inf], dtype=np.float32),
        "ra": np.array(positions["ra"], dtype=np.float64),
        "dec": np.array(positions["dec"], dtype=np.float64),
        "ok": np.array([True, False, True]),
        "name": ["a", "Kühne <&>", ""],
        "pair": np.array([[1.5, 2], [3, 4], [5, 6]]),
    }
)
mine["ra"].unit = "deg"


def serialised(form):
    votable = from_table(mine)
    for field in votable.get_first_table().fields:
        if field.name in ("id", "small"):
            # astropy writes a masked whole number in BINARY only with a null value.
            field.values.null = -99
    stream = io.BytesIO()
    votable.to_xml(stream, tabledata_format=form)
    return stream.getvalue()


def answered(content, media_type, responseformat, encoding="gzip"):
    """Returns every row of an uploaded table, as the archive sends it."""
    answer = requests.post(
        f"{url}/tap/sync",
        data={
            "QUERY": "SELECT * FROM TAP_UPLOAD.mine ORDER BY big",
            "LANG": "ADQL",
            "UPLOAD": "mine,param:t",
            "RESPONSEFORMAT": responseformat,
        },
        files={"t": ("t", content, media_type)},
        headers={"Accept-Encoding": encoding},
        timeout=60,
    )
    answer.raise_for_status()
    assert answer.headers.get("Content-Encoding", "identity") == encoding
    return answer.content


def uploaded(content, media_type, responseformat="votable"):
    return Table.read(io.BytesIO(answered(content, media_type, responseformat)), format="votable")


def value(cell):
    """Returns a cell as Python has it; None if it is masked, NaN or empty."""
    if np.ma.is_masked(cell) or cell is np.ma.masked:
        return None
    plain = cell.tolist() if hasattr(cell, "tolist") else cell
    return None if plain == "" or plain != plain else plain


sent = mine[np.argsort(mine["big"])]


def differences(answer):
    """Names the columns that did not come back as they were sent."""
    return [
        name
        for name in mine.colnames
        if name not in answer.colnames or [value(cell) for cell in answer[name]] != [value(cell) for cell in sent[name]]
    ]


VOTABLE = "application/x-votable+xml"
forms = ["tabledata", "binary", "binary2"]
different = {form: differences(uploaded(serialised(form), VOTABLE)) for form in forms}
binary = uploaded(serialised("binary2"), VOTABLE, "votable/b2")

parquet = io.BytesIO()
pyarrow.parquet.write_table(
    pyarrow.table({name: [value(cell) for cell in mine[name]] for name in mine.colnames}), parquet, row_group_size=2
)
from_parquet = uploaded(parquet.getvalue(), "application/vnd.apache.parquet")
as_parquet = pyarrow.parquet.read_table(io.BytesIO(answered(serialised("binary2"), VOTABLE, "parquet")))
described = parse(io.BytesIO(as_parquet.schema.metadata[b"IVOA.VOTable-Parquet.content"]))
again = uploaded(answered(serialised("binary2"), VOTABLE, "parquet"), "application/octet-stream")

FORMATS = ["votable", "votable/b2", "csv", "tsv", "jsonl", "parquet"]
same = [
    form
    for form in FORMATS
    if answered(serialised("binary"), VOTABLE, form) == answered(serialised("binary"), VOTABLE, form, "identity")
]

joined = service.run_sync(
    "SELECT m.id, o.obs_id FROM TAP_UPLOAD.mine AS m JOIN ivoa.obscore AS o"
    " ON 1 = CONTAINS(POINT('ICRS', m.ra, m.dec), o.s_region)",
    uploads={"mine": mine},
).to_table()
two = service.run_sync(
    "SELECT a.name FROM TAP_UPLOAD.a AS a JOIN TAP_UPLOAD.b AS b ON a.big = b.big",
    uploads={"a": mine, "b": mine},
).to_table()

json.dump(
    {
        "different": {
            **different,
            "answer in binary2": differences(binary),
            "parquet": differences(from_parquet),
            "answer in parquet": [
                name
                for name in mine.colnames
                if [None if cell != cell else cell for cell in as_parquet[name].to_pylist()]
                != [value(cell) for cell in sent[name]]
            ],
            "parquet of the archive": differences(again),
        },
        "units": [str(field.unit) for field in described.get_first_table().fields if field.name == "ra"]
        + [str(again["ra"].unit)],
        "compressed alike": same,
        "unit": str(binary["ra"].unit),
        "joined": set(str(uid) for uid in joined["obs_id"]) >= set(str(uid) for uid in positions["obs_id"]),
        "two": len(two),
        "methods": len(service.upload_methods),
    },
    sys.stdout,
)
