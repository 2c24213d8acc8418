"""Runs asynchronous queries of a running archive with pyvo; prints what it returns.

usage: pyvo_async.py URL [AUTHORIZATION]
"""

import json
import sys
from datetime import datetime, timedelta

import pyvo
import requests

QUERY = "SELECT obs_id, s_ra FROM ivoa.obscore ORDER BY obs_id"
LONG = """SELECT count(*) AS n FROM TAP_SCHEMA.columns AS a, TAP_SCHEMA.columns AS b, TAP_SCHEMA.columns AS c,
TAP_SCHEMA.columns AS d WHERE a.description < b.description AND c.description < d.description"""

url, authorization = sys.argv[1:]
anonymous = pyvo.dal.TAPService(f"{url}/tap")
session = requests.Session()
session.headers["Authorization"] = authorization
owner = pyvo.dal.TAPService(f"{url}/tap", session=session)

job = owner.submit_job(QUERY, maxrec=2)
created = job.phase
before = job.execution_duration.to_value("s")
job.execution_duration = 60
later = datetime.utcnow().replace(microsecond=0) + timedelta(hours=1)
job.destruction = later
job.run().wait()
listed = [each.jobid for each in owner.get_job_list()]
result = job.fetch_result()
submitted = {
    "created": created,
    "version": job.uws_version,
    "durations": [before, job.execution_duration.to_value("s")],
    "kept": abs((job.destruction.to_datetime().replace(tzinfo=None) - later).total_seconds()),
    "phase": job.phase,
    "query": job.query,
    "rows": [len(result), result.query_status],
    "owner": job.owner,
    "listed": job.job_id in listed,
    "elsewhere": [each.jobid for each in anonymous.get_job_list()],
}
job.delete()
submitted["deleted"] = [each.jobid for each in owner.get_job_list()]

failing = anonymous.submit_job("SELECT nothing FROM ivoa.obscore").run().wait()
try:
    failing.raise_if_error()
    error = None
except pyvo.dal.DALQueryError as refused:
    error = str(refused)

aborted = anonymous.submit_job(LONG).run()
aborted.abort()

json.dump(
    {
        **submitted,
        "error": error,
        "aborted": aborted.phase,
        "run_async": len(anonymous.run_async(QUERY)),
    },
    sys.stdout,
)
