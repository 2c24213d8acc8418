"""Makes the calls of astroquery.alma on a running archive that has the sample; prints the result of each as JSON.

usage: astroquery_calls.py URL
"""

import contextlib
import io
import json
import sys

import astropy.units as u
from astropy.coordinates import SkyCoord
from astropy.table import Table
from astroquery.alma import Alma
from name_resolver import DEC, NAME, RA, use_local_resolver

HERE = SkyCoord(RA * u.deg, DEC * u.deg)
MINE = Table({"ra": [RA, 10.0], "dec": [DEC, 10.0]})
JOIN = """SELECT count(*) AS n FROM TAP_UPLOAD.mine AS m
JOIN ivoa.obscore AS o ON 1 = CONTAINS(POINT(m.ra, m.dec), o.s_region)"""


def help_text(alma):
    """The columns that help_tap prints, without its heading."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        alma.help_tap()
    return [line.split()[0] for line in printed.getvalue().splitlines()[6:]]


def found(table):
    """The MemberOUSs and GroupOUSs of a result."""
    return sorted({str(did).split(".source")[0] for did in table["obs_id"]})


def calls(alma):
    def query(**arguments):
        return lambda: found(alma.query(arguments))

    return {
        "query_region": lambda: found(alma.query_region(HERE, 10 * u.arcsec)),
        "query_region elsewhere": lambda: found(alma.query_region(SkyCoord(10 * u.deg, 10 * u.deg), 1 * u.deg)),
        "query_object": lambda: found(alma.query_object(NAME)),
        "proprietary": lambda: found(alma.query_object(NAME, public=False)),
        "calibration": lambda: found(alma.query_region(HERE, 10 * u.arcsec, science=False)),
        "ra_dec range": query(ra_dec="150..151 -32..-31"),
        "ra_dec range around 0 h": query(ra_dec="0..20 -32..-31"),
        "galactic": query(galactic=f"{HERE.galactic.l.deg} {HERE.galactic.b.deg}, 0.01"),
        "source_name_alma": query(source_name_alma="NGC*"),
        "source with underscore": query(source_name_alma="NGC_9*"),
        "band": query(band_list=["6", "7"]),
        "other band": query(band_list="3"),
        "frequency": query(frequency="229..230"),
        "bandwidth": query(bandwidth=">1e9"),
        "spatial_resolution": query(spatial_resolution="<1"),
        "spatial_scale_max": query(spatial_scale_max=">0"),
        "fov": query(fov=">0"),
        "spectral_resolution": query(spectral_resolution=">1"),
        "em_resolution": query(em_resolution=">0"),
        "start_date": query(start_date="01-12-2014 .. 01-12-2015"),
        "integration_time": query(integration_time=">1"),
        "polarisation_type": query(polarisation_type="Stokes I"),
        "line_sensitivity": query(line_sensitivity="<5"),
        "continuum_sensitivity": query(continuum_sensitivity="<5"),
        "water_vapour": query(water_vapour="<1"),
        "project_code": query(project_code="2013.1.09999.S"),
        "project_title": query(project_title="*clouds*"),
        "pi_name": query(pi_name="*Leavitt*"),
        "proposal_authors": query(proposal_authors="*Cannon*"),
        "project_abstract": query(project_abstract="*gas*"),
        "science_keyword": query(science_keyword="*Spiral*"),
        "bibcode": query(bibcode="2015ApJ*"),
        "pub_title": query(pub_title="*A cloud*"),
        "first_author": query(first_author="Leavitt*"),
        "authors": query(authors="*Payne*"),
        "pub_abstract": query(pub_abstract="*measured*"),
        "publication_year": query(publication_year=2015),
        "legacy_columns": lambda: sorted(alma.query({"project_code": "2013.1.09999.S"}, legacy_columns=True).colnames),
        "maxrec": lambda: len(alma.query({}, maxrec=2)),
        "query_tap": lambda: int(alma.query_tap("SELECT count(*) AS n FROM ivoa.obscore")["n"][0]),
        "query_tap with a table": lambda: int(alma.query_tap(JOIN, uploads={"mine": MINE})["n"][0]),
        "help_tap": lambda: help_text(alma),
        "is_proprietary": lambda: bool(alma.is_proprietary("uid://A001/X1/Xa3")),
        "enhanced": lambda: sorted(
            {type(row["s_region"]).__name__ for row in alma.query_region(HERE, 1 * u.arcmin, enhanced_results=True)}
        ),
    }


alma = Alma()
alma.archive_url = sys.argv[1]
use_local_resolver()
json.dump({name: call() for name, call in calls(alma).items()}, sys.stdout)
