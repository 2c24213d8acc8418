"""Uploads tables to a running archive that has the sample deliveries, with pyvo and astropy; prints what comes back.

usage: upload_calls.py URL
"""

import io
import json
import sys

import numpy as np
import pyvo
import requests
from astropy.io.votable import from_table
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
    stream = io.BytesIO()
    votable.to_xml(stream, tabledata_format=form)
    return stream.getvalue()


def uploaded(content, media_type, responseformat="votable"):
    """Returns every row of an uploaded table."""
    answer = requests.post(
        f"{url}/tap/sync",
        data={
            "QUERY": "SELECT * FROM TAP_UPLOAD.mine ORDER BY ra",
            "LANG": "ADQL",
            "UPLOAD": "mine,param:t",
            "RESPONSEFORMAT": responseformat,
        },
        files={"t": ("t", content, media_type)},
        timeout=60,
    )
    answer.raise_for_status()
    return Table.read(io.BytesIO(answer.content), format="votable")


def value(cell):
    """Returns a cell as Python has it; None if it is masked, NaN or empty."""
    if np.ma.is_masked(cell) or cell is np.ma.masked:
        return None
    plain = cell.tolist() if hasattr(cell, "tolist") else cell
    return None if plain == "" or plain != plain else plain


sent = mine[np.argsort(mine["ra"])]


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
        "different": {**different, "answer in binary2": differences(binary)},
        "unit": str(binary["ra"].unit),
        "joined": set(str(uid) for uid in joined["obs_id"]) >= set(str(uid) for uid in positions["obs_id"]),
        "two": len(two),
        "methods": len(service.upload_methods),
    },
    sys.stdout,
)
