"""Compares cutouts with astropy's Cutout2D and with spectral-cube.

usage: cutouts.py write FOLDER   writes images, and what to cut out of them (cases.json)
       cutouts.py check FOLDER   compares FOLDER/N.cut.fits of each case N; prints the differences as JSON
"""

import json
import sys
import warnings
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.nddata import Cutout2D
from astropy.wcs import WCS
from astropy.wcs.utils import wcs_to_celestial_frame
from spectral_cube import SpectralCube

warnings.filterwarnings("ignore")
RANDOM = np.random.default_rng(20141205)
C, REST = 299792458.0, 2.30538e11
POINTS = 20001
SPECTRAL = {
    "FREQ": ("FREQ", 2.305e11, 1e6, "Hz"),
    "DOWN": ("FREQ", 2.31e11, -1e6, "Hz"),
    "VRAD": ("VRAD", 1e5, -1e3, "m/s"),
    "VRADKM": ("VRAD", 100.0, 1.0, "km/s"),
    "VOPT": ("VOPT", 1e5, 1e3, "m/s"),
}


def header(centre, projection="SIN", turn=0.0, form="pc", step=(-2e-3, 2e-3), shape=(40, 30), spectral=None, stokes=0, frame="ICRS", names=("RA--", "DEC-"), first=1.0):
    found = fits.Header()
    cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    for number in (1, 2):
        found[f"CTYPE{number}"] = f"{names[number - 1]}-{projection}"
        found[f"CRVAL{number}"], found[f"CUNIT{number}"] = centre[number - 1], "deg"
        found[f"CRPIX{number}"] = shape[number - 1] / 2 + 0.7
        if form != "cd":
            found[f"CDELT{number}"] = step[number - 1]
    if form == "cd":
        found["CD1_1"], found["CD1_2"] = step[0] * cosine, -step[1] * sine
        found["CD2_1"], found["CD2_2"] = step[0] * sine, step[1] * cosine
    elif form == "crota":
        found["CROTA2"] = turn
    elif form == "casa4":
        found["PC01_01"], found["PC02_01"], found["PC01_02"], found["PC02_02"] = cosine, sine, -sine, cosine
    else:
        found["PC1_1"], found["PC1_2"], found["PC2_1"], found["PC2_2"] = cosine, -sine, sine, cosine
    axis = 3
    if spectral:
        kind, value, width, unit = SPECTRAL[spectral]
        found[f"CTYPE{axis}"], found[f"CRVAL{axis}"], found[f"CRPIX{axis}"], found[f"CUNIT{axis}"] = kind, value, 3.0, unit
        found[f"CD{axis}_{axis}" if form == "cd" else f"CDELT{axis}"] = width
        found["RESTFRQ"], found["SPECSYS"] = REST, "TOPOCENT" if form == "casa4" else "LSRK"
        axis += 1
    if stokes:
        found[f"CTYPE{axis}"], found[f"CRVAL{axis}"], found[f"CRPIX{axis}"] = "STOKES", first, 1.0
        found[f"CD{axis}_{axis}" if form == "cd" else f"CDELT{axis}"] = np.sign(first)
        if form != "cd":
            found[f"CUNIT{axis}"] = ""
    if frame == "FK5":
        found["EQUINOX"] = 2000.0
    if names[0] == "RA--":
        found["RADESYS"] = frame
    found["BUNIT"] = "JY/BEAM" if form == "casa4" else "Jy/beam"
    found["BMAJ"], found["BMIN"], found["BPA"] = 0.004, 0.003, 10.0
    return found


def pixels(*shape, kind="f4"):
    if kind == "f4":
        values = RANDOM.standard_normal(shape).astype("f4")
        values[RANDOM.random(shape) < 0.1] = np.nan
        return values
    return RANDOM.integers(0, 200, shape).astype(kind)


def beams(channels, stokes):
    rows = [(1.0 + c / 100 + p, 0.5 + c / 100, c, c, p) for p in range(stokes) for c in range(channels)]
    table = np.array(rows, dtype=[("BMAJ", ">f4"), ("BMIN", ">f4"), ("BPA", ">f4"), ("CHAN", ">i4"), ("POL", ">i4")])
    hdu = fits.BinTableHDU(table, name="BEAMS")
    for number, unit in enumerate(("arcsec", "arcsec", "deg"), 1):
        hdu.header[f"TUNIT{number}"] = unit
    hdu.header["NCHAN"], hdu.header["NPOL"] = channels, stokes
    return hdu


def images():
    yield "turned", pixels(30, 40), header((150.1, -31.2), turn=27.0), {}
    yield "turned-cd", pixels(30, 40), header((150.1, 61.0), "TAN", turn=-40.0, form="cd"), {}
    yield "turned-crota", pixels(30, 40), header((150.1, -31.2), "ARC", turn=100.0, form="crota"), {}
    yield "casa4", pixels(1, 12, 30, 40), header((150.1, -31.2), turn=12.0, form="casa4", spectral="DOWN", stokes=1, frame="FK5"), {}
    yield "galactic", pixels(30, 40), header((1.0, 0.1), turn=5.0, names=("GLON", "GLAT")), {}
    yield "stokes", pixels(4, 6, 30, 40), header((150.1, -31.2), spectral="FREQ", stokes=4), {"states": "IQUV"}
    yield "stokes-cd", pixels(4, 6, 30, 40), header((150.1, -31.2), form="cd", spectral="FREQ", stokes=4), {"states": "IQUV"}
    yield "correlations", pixels(2, 6, 30, 40), header((150.1, -31.2), spectral="FREQ", stokes=2, first=-5.0), {"states": ["XX", "YY"]}
    yield "origin", pixels(30, 40), header((0.005, 12.0), turn=33.0), {}
    yield "origin-below", pixels(30, 40), header((359.99, -70.0)), {}
    yield "pole", pixels(30, 40), header((40.0, 89.98), "TAN", turn=70.0), {}
    yield "south-pole", pixels(30, 40), header((200.0, -89.99)), {}
    for kind in SPECTRAL:
        yield f"cube-{kind}", pixels(20, 30, 40), header((150.1, -31.2), spectral=kind), {}
    yield "beams", pixels(1, 20, 30, 40), header((150.1, -31.2), spectral="DOWN", stokes=1), {"beams": (20, 1)}
    yield "beams-stokes", pixels(2, 5, 30, 40), header((150.1, -31.2), spectral="FREQ", stokes=2), {"beams": (5, 2), "states": "IQ"}
    for kind in ("u1", "i2", "i4", "i8", "f8"):
        yield f"bitpix-{kind}", pixels(30, 40, kind=kind), header((150.1, -31.2)), {"scale": kind == "i2"}
    yield "extension", pixels(30, 40), header((150.1, -31.2)), {"extension": True}


def shapes(wcs, number):
    """Random shapes around the image of a celestial WCS of 40 x 30 pixels, in ICRS."""
    frame = wcs_to_celestial_frame(wcs)
    for index in range(number):
        x, y = RANDOM.uniform(-4, 44), RANDOM.uniform(-4, 34)
        at = SkyCoord(*wcs.wcs_pix2world([[x, y]], 0)[0], unit="deg", frame=frame).icrs
        size = RANDOM.uniform(0.5, 30) * 2e-3
        if index % 3 == 0:
            yield {"shape": "circle", "centre": {"lon": at.ra.deg, "lat": at.dec.deg}, "radius": size}
        elif index % 3 == 1:
            turns = np.sort(RANDOM.uniform(0, 360, RANDOM.integers(3, 7))) * u.deg
            corners = at.directional_offset_by(turns, RANDOM.uniform(0.5, 1, len(turns)) * size * u.deg)
            yield {"shape": "polygon", "vertices": [{"lon": p.ra.deg, "lat": p.dec.deg} for p in corners]}
        elif abs(at.dec.deg) < 85:
            wide = size / np.cos(at.dec.rad)
            lon = [(at.ra.deg - wide) % 360, (at.ra.deg + wide) % 360]
            yield {"shape": "range", "lon": lon, "lat": [at.dec.deg - size / 2, at.dec.deg + size / 2]}
        else:
            yield {"shape": "range", "lon": [0, 360], "lat": [at.dec.deg - size / 3, min(90, at.dec.deg + size / 3)]}


def write(folder):
    cases = []
    for name, data, head, options in images():
        primary = fits.PrimaryHDU(data, head)
        hdus = [fits.PrimaryHDU(), fits.ImageHDU(data, head, name="SCI")] if options.get("extension") else [primary]
        if options.get("scale"):
            primary.header["BSCALE"], primary.header["BZERO"], primary.header["BLANK"] = 0.01, 3.5, 7
        if "beams" in options:
            del primary.header["BMAJ"], primary.header["BMIN"], primary.header["BPA"]
            primary.header["CASAMBM"] = True
            hdus.append(beams(*options["beams"]))
        primary.header["DATAMAX"] = 9.0
        # CASA's zero-padded matrix would be normalised on the way.
        fits.HDUList(hdus).writeto(folder / f"{name}.fits", checksum=True, output_verify="ignore")
        wcs = WCS(head)
        skies = [None, *shapes(wcs.celestial, 9)]
        for index, sky in enumerate(skies):
            case = {"file": f"{name}.fits", "sky": sky, "band": None, "stokes": None}
            if wcs.has_spectral:
                low, high = np.sort(frequencies(wcs, data.shape)[RANDOM.integers(0, data.shape[-3], 2)])
                case["band"] = {"minimumHz": low * (1 - 1e-9), "maximumHz": high * (1 + 1e-9)}
            if "states" in options:
                states = list(options["states"])
                case["stokes"] = [states, states[:1], states[1:3], states[::3]][index % 4]
            cases.append(case)
    (folder / "cases.json").write_text(json.dumps(cases))


def frequencies(wcs, shape):
    channels = shape[-3]
    axis = wcs.spectral.wcs_pix2world(np.arange(channels)[:, None], 0).ravel() * u.Unit(wcs.spectral.wcs.cunit[0])
    kind = wcs.spectral.wcs.ctype[0][:4]
    doppler = {"VRAD": u.doppler_radio(REST * u.Hz), "VOPT": u.doppler_optical(REST * u.Hz)}.get(kind, u.spectral())
    return axis.to(u.Hz, doppler).value


def outline(sky):
    """Points along the outline of a shape."""
    part = np.linspace(0, 1, POINTS)
    if sky["shape"] == "circle":
        centre = SkyCoord(sky["centre"]["lon"], sky["centre"]["lat"], unit="deg")
        return centre.directional_offset_by(360 * part * u.deg, sky["radius"] * u.deg)
    if sky["shape"] == "polygon":
        corners = SkyCoord([p["lon"] for p in sky["vertices"]], [p["lat"] for p in sky["vertices"]], unit="deg").cartesian.xyz.value.T
        lines = [corner + (following - corner) * part[:, None] for corner, following in zip(corners, np.roll(corners, -1, axis=0))]
        x, y, z = np.concatenate(lines).T
        return SkyCoord(np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y))), unit="deg")
    (west, east), (south, north) = sky["lon"], sky["lat"]
    width = east - west + (360 if east < west else 0)
    lon = [west + width * part, west + width * part]
    lat = [np.full(POINTS, south), np.full(POINTS, north)]
    if width < 360:
        lon += [np.full(POINTS, west), np.full(POINTS, east)]
        lat += [south + (north - south) * part] * 2
    return SkyCoord(np.concatenate(lon) % 360, np.concatenate(lat), unit="deg")


def inside(sky, place):
    if sky["shape"] == "circle":
        return place.separation(SkyCoord(sky["centre"]["lon"], sky["centre"]["lat"], unit="deg")).deg <= sky["radius"]
    if sky["shape"] == "range":
        (west, east), (south, north) = sky["lon"], sky["lat"]
        width = east - west + (360 if east < west else 0)
        return (place.dec.deg >= south) & (place.dec.deg <= north) & ((place.ra.deg - west) % 360 <= width)
    angles = [place.position_angle(SkyCoord(p["lon"], p["lat"], unit="deg")).rad for p in sky["vertices"]]
    turns = sum(np.angle(np.exp(1j * (b - a))) for a, b in zip(angles, angles[1:] + angles[:1]))
    return np.abs(turns) > np.pi


def box(sky, wcs, nx, ny):
    """The pixels that a shape touches, from 0, both ends included: x1, x2, y1, y2; None for none."""
    if sky is None:
        return 0, nx - 1, 0, ny - 1
    frame = wcs_to_celestial_frame(wcs)
    points = outline(sky).transform_to(frame).spherical
    x, y = wcs.wcs_world2pix(points.lon.deg, points.lat.deg, 0)
    corners = np.array([[-0.5, -0.5], [nx - 0.5, -0.5], [nx - 0.5, ny - 0.5], [-0.5, ny - 0.5]])
    world = SkyCoord(*wcs.wcs_pix2world(corners, 0).T, unit="deg", frame=frame).icrs
    held = corners[inside(sky, world)]
    kept = np.isfinite(x) & (x >= -0.5) & (x <= nx - 0.5) & (y >= -0.5) & (y <= ny - 0.5)
    x, y = np.concatenate([x[kept], held[:, 0]]), np.concatenate([y[kept], held[:, 1]])
    if not len(x):
        return None
    # The outline leaves the image between two points: at the edge.
    x1, x2 = np.floor(x.min() + 0.5 + 1e-6), np.ceil(x.max() - 0.5 - 1e-6)
    y1, y2 = np.floor(y.min() + 0.5 + 1e-6), np.ceil(y.max() - 0.5 - 1e-6)
    return tuple(int(value) for value in np.clip([x1, max(x1, x2), y1, max(y1, y2)], 0, [nx - 1, nx - 1, ny - 1, ny - 1]))


def image(path, **options):
    with fits.open(path, memmap=False, **options) as hdus:
        hdu = next(hdu for hdu in hdus if hdu.header["NAXIS"] > 1 and hdu.is_image)
        return hdu.data, hdu.header


def differences(case, source, path):
    """Names what differs between a cutout and what astropy and spectral-cube cut out of the image."""
    data, head = image(source)
    raw, _ = image(source, do_not_scale_image_data=True)
    whole = WCS(head)
    ny, nx = data.shape[-2:]
    pixel_box = box(case["sky"], whole.celestial, nx, ny)
    if pixel_box is None or not path.exists():
        return [] if pixel_box is None and not path.exists() else [f"one of them is empty: {pixel_box}"]
    cut, cut_head = image(path)
    cut_raw, _ = image(path, do_not_scale_image_data=True)
    found = []

    def same(what, is_same):
        if not is_same:
            found.append(what)

    x1, x2, y1, y2 = pixel_box
    expected, expected_raw = data, raw
    if case["stokes"]:
        states = {"I": 1, "Q": 2, "U": 3, "V": 4, "XX": -5, "YY": -6}
        first = head["CRVAL4"]
        planes = sorted(abs(int(states[state] - first)) for state in case["stokes"])
        expected, expected_raw = expected[planes], expected_raw[planes]
        values = [cut_head["CRVAL4"] + (n + 1 - cut_head["CRPIX4"]) * (cut_head.get("CD4_4") or cut_head["CDELT4"]) for n in range(len(planes))]
        same("stokes", np.allclose(values, [states[head_state] for head_state in sorted(case["stokes"], key=lambda s: abs(states[s]))], rtol=0, atol=1e-9))
    if case["band"]:
        hz = frequencies(whole, data.shape)
        band = [channel for channel, value in enumerate(hz) if case["band"]["minimumHz"] <= value <= case["band"]["maximumHz"]]
        expected, expected_raw = expected[..., band, :, :], expected_raw[..., band, :, :]
        same("frequencies", np.allclose(frequencies(WCS(cut_head), cut.shape), hz[band], rtol=1e-14, atol=0))
    position, size = ((x1 + x2) / 2, (y1 + y2) / 2), (y2 - y1 + 1, x2 - x1 + 1)
    planes = expected.reshape(-1, ny, nx)
    cutouts = [Cutout2D(plane, position, size, wcs=whole.celestial, mode="trim") for plane in planes]
    same(f"shape {cut.shape} of {pixel_box}", cut.shape == expected.shape[:-2] + size)
    if found:
        return found
    same("pixels", np.array_equal(cut.reshape(-1, *size), np.array([each.data for each in cutouts]), equal_nan=cut.dtype.kind == "f"))
    same("raw pixels", cut_raw.tobytes() == np.ascontiguousarray(expected_raw[..., y1 : y2 + 1, x1 : x2 + 1]).tobytes())
    grid = np.array([[0, 0], [size[1] - 1, 0], [0, size[0] - 1], [3.3, 7.7]])
    theirs, ours = cutouts[0].wcs, WCS(cut_head).celestial
    same("reference pixel", np.array_equal(theirs.wcs.crpix, ours.wcs.crpix))
    same("positions", np.array_equal(theirs.wcs_pix2world(grid, 0), ours.wcs_pix2world(grid, 0)))
    kept = [key for key in head if key not in ("DATAMAX", "CHECKSUM", "DATASUM", "HISTORY", "COMMENT", "") and not key.startswith(("NAXIS", "CRPIX"))]
    steps = ("CDELT4", "CD4_4") if case["stokes"] else ()
    same("other keywords", all(cut_head[key] == head[key] for key in kept if key not in steps))
    same("stale keywords", not any(key in cut_head for key in ("DATAMAX", "CHECKSUM", "DATASUM")))
    same("history", any("cut out the pixels" in line for line in cut_head["HISTORY"]))
    if case["band"] and not case["stokes"] and data.shape[-3] > 1:
        found += slab_differences(source, path, case, pixel_box)
    return found


def slab_differences(source, path, case, pixel_box):
    """Compares with the slab of spectral-cube, and its beams."""
    x1, x2, y1, y2 = pixel_box
    convention = {"VRAD": "radio", "VOPT": "optical"}
    cubes = []
    for each in (source, path):
        kind = image(each)[1]["CTYPE3"][:4]
        cube = SpectralCube.read(each, hdu=0)
        cubes.append(cube.with_spectral_unit(u.Hz, velocity_convention=convention.get(kind), rest_value=REST * u.Hz) if kind in convention else cube)
    slab = cubes[0].spectral_slab(case["band"]["minimumHz"] * u.Hz, case["band"]["maximumHz"] * u.Hz)[:, y1 : y2 + 1, x1 : x2 + 1]
    found = []
    if slab.shape != cubes[1].shape:
        return [f"slab {slab.shape}, not {cubes[1].shape}"]
    if not np.array_equal(slab.unmasked_data[:].value, cubes[1].unmasked_data[:].value, equal_nan=True):
        found.append("slab pixels")
    if not np.allclose(slab.spectral_axis.value, cubes[1].spectral_axis.value, rtol=1e-14, atol=0):
        found.append("slab frequencies")
    if hasattr(slab, "beams"):
        if not all(np.array_equal(getattr(slab.beams, key).value, getattr(cubes[1].beams, key).value) for key in ("major", "minor", "pa")):
            found.append("beams")
    return found


def check(folder):
    found = {}
    empty = 0
    cases = json.loads((folder / "cases.json").read_text())
    for number, case in enumerate(cases):
        path = folder / f"{number}.cut.fits"
        empty += not path.exists()
        each = differences(case, folder / case["file"], path)
        if each:
            found[f"{number} {case['file']}"] = each
    json.dump({"cases": len(cases), "empty": empty, "differences": found}, sys.stdout)


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](Path(sys.argv[2]))
