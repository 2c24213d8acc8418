"""Prints the facts that astropy reads in FITS files, as JSON by path: fits-facts.py FILE..."""

import json
import sys
import warnings

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.wcs import WCS
from astropy.wcs.utils import wcs_to_celestial_frame

warnings.filterwarnings("ignore")


def doppler(kind, rest):
    return {"VRAD": u.doppler_radio(rest), "VOPT": u.doppler_optical(rest), "VELO": u.doppler_relativistic(rest)}.get(kind, u.spectral())


def icrs(wcs, nx, ny):
    """The centre of an image, and 40 points along each of its four sides, in ICRS."""
    steps = np.linspace(0, 1, 41)[:-1]
    x, y = 0.5 + nx * steps, 0.5 + ny * steps
    left, right = np.full(40, 0.5), np.full(40, nx + 0.5)
    bottom, top = np.full(40, 0.5), np.full(40, ny + 0.5)
    along = np.concatenate([x, right, x, left]), np.concatenate([bottom, y, top, y])
    frame = wcs_to_celestial_frame(wcs)

    def place(*pixels):
        world = SkyCoord(*wcs.wcs_pix2world(*pixels, 1), unit="deg", frame=frame).icrs
        return np.column_stack([world.ra.deg, world.dec.deg]).tolist()

    return {"centre": place([(nx + 1) / 2], [(ny + 1) / 2])[0], "sides": place(*along)}


def image_facts(hdu):
    is_scaled = hdu.header["BITPIX"] > 0 and (hdu.header.get("BSCALE", 1) != 1 or hdu.header.get("BZERO", 0) != 0)
    single = hdu.data.dtype == np.dtype("float32") or hdu.data.dtype == np.dtype(">f4")
    values = np.asarray(hdu.data, dtype=float)
    finite = values[np.isfinite(values)]
    facts = {
        "shape": list(reversed(hdu.shape)),
        "unit": (hdu.header.get("BUNIT") or "").strip() or None,
        "object": (hdu.header.get("OBJECT") or "").strip() or None,
        "pixels": values.size,
        "precision": 1e-6 if is_scaled and single else 1e-9,
        "undefined": int(np.isnan(values).sum()),
        "minimum": float(finite.min()) if finite.size else None,
        "maximum": float(finite.max()) if finite.size else None,
        "mean": float(finite.mean()) if finite.size else None,
        "footprint": None,
        "centre": None,
        "icrs": None,
        "frequency": None,
    }
    wcs = WCS(hdu.header)
    if wcs.has_celestial:
        nx, ny = hdu.header["NAXIS1"], hdu.header["NAXIS2"]
        corners = [[0.5, 0.5], [nx + 0.5, 0.5], [nx + 0.5, ny + 0.5], [0.5, ny + 0.5]]
        facts["footprint"] = wcs.celestial.wcs_pix2world(corners, 1).tolist()
        facts["centre"] = wcs.celestial.wcs_pix2world([[(nx + 1) / 2, (ny + 1) / 2]], 1)[0].tolist()
        facts["icrs"] = icrs(wcs.celestial, nx, ny)
    if wcs.has_spectral:
        axis = wcs.spectral
        length = hdu.header[f"NAXIS{wcs.wcs.spec + 1}"]
        edges = axis.wcs_pix2world([[0.5], [length + 0.5]], 1).ravel() * u.Unit(axis.wcs.cunit[0])
        rest = hdu.header["RESTFRQ"] * u.Hz
        facts["frequency"] = sorted(edges.to(u.Hz, doppler(axis.wcs.ctype[0][:4], rest)).value.tolist())
    return facts


def file_facts(path):
    with fits.open(path, disable_image_compression=True, checksum=True) as hdus:
        images = [hdu for hdu in hdus if isinstance(hdu, (fits.PrimaryHDU, fits.ImageHDU)) and hdu.header["NAXIS"] >= 2 and hdu.size]
        return {
            "hdus": [
                {
                    "name": hdu.header.get("EXTNAME"),
                    "bitpix": hdu.header["BITPIX"],
                    "axes": [hdu.header[f"NAXIS{n + 1}"] for n in range(hdu.header["NAXIS"])],
                    "dataOffset": hdu.fileinfo()["datLoc"],
                    "checksum": "CHECKSUM" in hdu.header,
                }
                for hdu in hdus
            ],
            "image": image_facts(images[0]) if images else None,
        }


print(json.dumps({path: file_facts(path) for path in sys.argv[1:]}))
