"""Cuts parts out of every image of a running archive with pyvo, and compares them with Cutout2D and spectral-cube.

usage: soda_calls.py URL
"""

import json
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import astropy.units as u
import pyvo
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS
from astropy.wcs.utils import wcs_to_celestial_frame
from pyvo.dal.adhoc import DatalinkResults, SodaQuery

from cutouts import C, differences, frequencies, image

url = sys.argv[1]
listed = pyvo.dal.TAPService(f"{url}/tap").search("SELECT path FROM alma.file WHERE path LIKE '%.fits' ORDER BY path")
found = {}
cuts = 0
with tempfile.TemporaryDirectory() as folder:
    source, path = Path(folder) / "whole.fits", Path(folder) / "cut.fits"
    for name in listed["path"]:
        with urlopen(f"{url}/dataPortal/{name}") as whole:
            source.write_bytes(whole.read())
        data, header = image(source)
        wcs = WCS(header)
        middle = wcs.celestial.wcs_pix2world([[data.shape[-1] * 0.4, data.shape[-2] * 0.7]], 0)[0]
        centre = SkyCoord(*middle, unit="deg", frame=wcs_to_celestial_frame(wcs.celestial)).icrs
        radius = 7.3 * abs(header["CDELT1"])
        circle = {"shape": "circle", "centre": {"lon": centre.ra.deg, "lat": centre.dec.deg}, "radius": radius}
        band = None
        if wcs.has_spectral:
            hz = sorted(frequencies(wcs, data.shape))
            band = {"minimumHz": hz[len(hz) // 4] * (1 - 1e-9), "maximumHz": hz[len(hz) // 2] * (1 + 1e-9)}
        for sky, channels in ((circle, None), (None, band), (circle, band)):
            query = SodaQuery(f"{url}/soda/sync", id=name)
            if sky:
                query.circle = [centre.ra.deg, centre.dec.deg, radius] * u.deg
            if channels:
                query["BAND"] = f"{float(C / channels['maximumHz'])} {float(C / channels['minimumHz'])}"
            path.write_bytes(query.execute_stream().read())
            differing = differences({"sky": sky, "band": channels, "stokes": None}, source, path)
            cuts += 1
            if differing:
                found[f"{name} {bool(sky)} {bool(channels)}"] = differing
        # The same by the service that DataLink describes.
        links = DatalinkResults.from_result_url(f"{url}/datalink/sync?ID={quote(name)}")
        linked = links.get_first_proc().process(circle=[centre.ra.deg, centre.dec.deg, radius] * u.deg, band=None)
        query = SodaQuery(f"{url}/soda/sync", id=name)
        query.circle = [centre.ra.deg, centre.dec.deg, radius] * u.deg
        if linked.read() != query.execute_stream().read():
            found[f"{name} by DataLink"] = ["bytes"]

json.dump({"images": len(listed), "cuts": cuts, "differences": found}, sys.stdout)
