"""Makes the calls of alminer on a running archive that has the sample; prints the result of each as JSON.

alminer has the addresses of the observatory's hosts in its code: requests to them go to URL.
usage: alminer_calls.py URL FOLDER
"""

import contextlib
import json
import os
import sys

import pandas
import requests
from name_resolver import DEC, NAME, RA, use_local_resolver

url, folder = sys.argv[1:]
send = requests.Session.request


def to_archive(session, method, address, *given, **named):
    return send(session, method, address.replace("https://almascience.eso.org", url), *given, **named)


requests.Session.request = to_archive
import alminer  # noqa: E402


def found(table):
    """The MemberOUSs of a result; empty when alminer returns none."""
    return [] if table is None else sorted(set(table["MOUS_id"]))


def downloaded():
    """The names of the files that alminer downloads: the images with primary beam correction of one MemberOUS."""
    place = os.path.join(folder, "alminer")
    os.mkdir(place)
    member = alminer.run_query("SELECT * FROM ivoa.obscore WHERE member_ous_uid = 'uid://A001/X1/Xa3'")
    alminer.download_data(member, fitsonly=True, filename_must_include=[".pbcor"], location=place)
    return sorted(name for name in os.listdir(place) if name.endswith(".fits"))


def calls():
    sources = pandas.DataFrame({"Name": [NAME, "elsewhere"], "RAJ2000": [RA, 10.0], "DEJ2000": [DEC, 10.0]})
    return {
        "conesearch": lambda: found(alminer.conesearch(RA, DEC, search_radius=0.1)),
        "conesearch at a point": lambda: found(alminer.conesearch(RA, DEC, point=True)),
        "conesearch published": lambda: found(alminer.conesearch(RA, DEC, published=True)),
        "conesearch proprietary": lambda: found(alminer.conesearch(RA, DEC, public=False)),
        "target": lambda: found(alminer.target([NAME])),
        "catalog": lambda: found(alminer.catalog(sources)),
        "keysearch": lambda: found(alminer.keysearch({"target_name": ["ngc 9999"]})),
        "keysearch in texts": lambda: found(
            alminer.keysearch({"proposal_abstract": ["'molecular gas' clouds"], "band_list": ["6", "7"]})
        ),
        "keysearch without result": lambda: found(alminer.keysearch({"proposal_abstract": ["cepheid"]})),
        "run_query": lambda: len(alminer.run_query("SELECT * FROM ivoa.obscore WHERE proposal_id = '2013.1.09999.S'")),
        "get_units": lambda: alminer.get_units("bandwidth"),
        "get_description": lambda: alminer.get_description("s_resolution"),
        "download_data": downloaded,
        "line_coverage": lambda: found(
            alminer.line_coverage(alminer.conesearch(RA, DEC), line_freq=229.4, line_name="line")
        ),
    }


use_local_resolver()
with contextlib.redirect_stdout(sys.stderr):
    results = {name: call() for name, call in calls().items()}
json.dump(results, sys.stdout)
