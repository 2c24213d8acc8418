"""Follows links and downloads with astroquery.alma and pyvo, on a running archive that has the sample; prints JSON.

usage: datalink_calls.py URL FOLDER
"""

import contextlib
import hashlib
import json
import os
import sys

import pyvo
from astroquery.alma import Alma

URL, FOLDER = sys.argv[1:]
MEMBER, GROUP = "uid://A001/X1/Xa3", "uid://A001/X1/Xa2"


def names(table):
    return sorted(os.path.basename(url) for url in table["access_url"] if url)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


alma = Alma()
alma.archive_url = URL
whole = alma.get_data_info(MEMBER)
expanded = alma.get_data_info([MEMBER, GROUP], expand_tarfiles=True)
ENDS = ("combined.log", "Xa2/product/NGC9999.cont.pbcor.fits")
wanted = expanded[[str(url).endswith(ENDS) for url in expanded["access_url"]]]

# The first download is interrupted; astroquery continues it with a range.
urls = [str(url) for url in wanted["access_url"]]
with contextlib.redirect_stdout(sys.stderr):
    files = alma.download_files(urls, savedir=FOLDER)
    with open(files[0], "r+b") as file:
        file.truncate(100)
    again = alma.download_files(urls, savedir=FOLDER)

links = pyvo.dal.adhoc.DatalinkResults.from_result_url(f"{URL}/datalink/sync?ID={MEMBER}")
services = list(links.iter_procs())
parts = pyvo.dal.adhoc.DatalinkService(f"{URL}/datalink/sync").run_sync(MEMBER)
inside = pyvo.dal.adhoc.DatalinkResults.from_result_url(services[0].access_url)

json.dump(
    {
        "whole": names(whole),
        "without auxiliary": names(alma.get_data_info(MEMBER, with_auxiliary=False)),
        "without raw data": names(alma.get_data_info(MEMBER, with_rawdata=False)),
        "expanded": len(expanded),
        "unknown": len(alma.get_data_info("uid://A001/X1/Xfff")),
        "downloaded": [os.path.basename(file) for file in files],
        "digests": sorted(map(sha256, again)) == sorted(map(str, wanted["sha256"])),
        "services": [service.service_def for service in services],
        "processed": b"combined.log" in services[0].process().read(),
        "inside": len(inside),
        "same": len(parts) == len(links),
        "this": sorted(os.path.basename(link.access_url) for link in links if link.semantics == "#this"),
    },
    sys.stdout,
)
