"""Queries a running archive that has the sample deliveries with pyvo; prints what it returns.

usage: pyvo_calls.py URL
"""

import json
import sys

import pyvo

url = sys.argv[1]
service = pyvo.dal.TAPService(f"{url}/tap")
top = service.search("SELECT TOP 2 * FROM ivoa.obscore").to_table()
overflow = service.search("SELECT * FROM ivoa.obscore", maxrec=1)
binary = service.run_sync(
    "SELECT obs_id, s_ra, calib_level FROM ivoa.obscore ORDER BY obs_id", responseformat="votable/b2"
).to_table()
try:
    service.search("SELECT obs_idd FROM ivoa.obscore")
    error = None
except pyvo.dal.DALQueryError as refused:
    error = str(refused)

json.dump(
    {
        "top": len(top),
        "columns": top.colnames,
        "region": top["s_region"].dtype.kind,
        "overflow": [len(overflow), overflow.status[0]],
        "binary": [str(uid) for uid in binary["obs_id"]],
        "tables": sorted(service.tables.keys()),
        "described": len(service.tables["ivoa.obscore"].columns),
        "examples": [len(example.execute()) for example in service.examples],
        "maxrec": service.hardlimit,
        "available": service.available,
        "error": error,
    },
    sys.stdout,
)
