"""Asks a running archive that has the sample deliveries for images, cones and coverage; prints what the clients return.

usage: discovery_calls.py URL
"""

import json
import sys
import tempfile
import urllib.request
import xml.etree.ElementTree as xml

import pyvo
from astropy import units as u
from astropy.coordinates import SkyCoord
from astroquery.alma import Alma
from mocpy import MOC

url = sys.argv[1]
rows = pyvo.dal.TAPService(f"{url}/tap").search("SELECT * FROM ivoa.obscore WHERE s_region IS NOT NULL").to_table()
first = rows[0]
here = SkyCoord(first["s_ra"], first["s_dec"], unit="deg")
band = (first["em_min"] * u.m, first["em_max"] * u.m)


def ids(table):
    return sorted(str(uid) for uid in table["obs_id"])


def near(radius):
    centres = SkyCoord(rows["s_ra"], rows["s_dec"], unit="deg")
    return ids(rows[centres.separation(here) <= radius * u.deg])


alma = Alma()
alma.archive_url = url
sia = pyvo.dal.SIA2Service(f"{url}/sia2")
try:
    sia.search(pos=(here.ra, here.dec, 0.1 * u.deg), CALIB="nonsense")
    refusal = None
except Exception as refused:
    refusal = str(refused)
described = sia.search(maxrec=0)
cone = pyvo.dal.SCSService(f"{url}/scs/query?")
cones = cone.search(here, radius=0.05 * u.deg)
try:
    cone.search(SkyCoord(0, 0, unit="deg"), radius=200 * u.deg)
    cone_refusal = None
except Exception as refused:
    cone_refusal = str(refused)


def moc(query, form="fits"):
    content = urllib.request.urlopen(f"{url}/moc?{query}").read()
    if form == "json":
        return MOC.from_json(json.loads(content))
    with tempfile.NamedTemporaryFile(suffix=".fits") as file:
        file.write(content)
        file.flush()
        return MOC.from_fits(file.name)


everything = moc("")
registry = xml.parse(urllib.request.urlopen(f"{url}/oai?verb=ListRecords&metadataPrefix=ivo_vor"))
footprints = MOC.new_empty(10)
for region in {str(region) for region in rows["s_region"]}:
    footprints = footprints.union(MOC.from_stcs(region, max_depth=10))

json.dump(
    {
        "all": ids(sia.search().to_table()) == ids(rows),
        "astroquery": ids(alma.query_sia(pos=(here.ra, here.dec, 0.05 * u.deg), band=band, data_type=str(first["dataproduct_type"])).to_table()),
        "pyvo": ids(sia.search(pos=(here.ra, here.dec, 0.05 * u.deg), band=band, data_type=str(first["dataproduct_type"])).to_table()),
        "range": len(sia.search(pos=(here.ra - 1 * u.deg, here.ra + 1 * u.deg, -90 * u.deg, 90 * u.deg)).to_table()),
        "target": len(sia.search(target_name="no such source").to_table()),
        "level": len(sia.search(calib_level=[2, 3]).to_table()) == len(rows),
        "maxrec": len(sia.search(maxrec=1)),
        "described": [len(described), len(described.fieldnames)],
        "links": described.get_adhocservice_by_ivoid("ivo://ivoa.net/std/datalink").params[1].value,
        "itself": described.get_adhocservice_by_ivoid("ivo://ivoa.net/std/SIA#query-2.0").params[1].value,
        "available": sia.available,
        "refusal": refusal,
        "cone": ids(cones.to_table()) == near(0.05),
        "main": [cones[0].id, cones[0].pos.separation(here).deg < 1],
        "columns": [len(cone.search(here, radius=0.05 * u.deg, verbosity=verb).fieldnames) for verb in (1, 2, 3)],
        "cone_refusal": cone_refusal,
        "order": everything.max_order,
        "forms": everything == moc("format=json", "json"),
        "covers": footprints.difference(everything).empty(),
        "excess": everything.sky_fraction / footprints.sky_fraction,
        "bands": moc("band=6").union(moc("band=3")).union(moc("band=7")).difference(everything).empty(),
        "project": moc("project=2013.1.09999.S") == everything,
        "records": len(registry.findall(".//{http://www.ivoa.net/xml/RegistryInterface/v1.0}Resource")),
        "nothing": moc("band=10").empty(),
    },
    sys.stdout,
    # Values of numpy.
    default=lambda value: value.item(),
)
