"""Writes FITS files of every kind with astropy into a directory: write-fits.py DIRECTORY."""

import sys
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.table import Table
from astropy.wcs import WCS

warnings.filterwarnings("ignore")
OUT = Path(sys.argv[1])
RANDOM = np.random.default_rng(20131109)
SPECTRAL = {
    "FREQ": ("FREQ", 2.3e11, 1e6, "Hz"),
    "GHZ": ("FREQ", 230.0, 1e-3, "GHz"),
    "VRAD": ("VRAD", 1e5, -1e3, "m/s"),
    "VRADKM": ("VRAD", 100.0, -1.0, "km/s"),
    "VOPT": ("VOPT", 1e5, 1e3, "m/s"),
    "VELO": ("VELO", 1e6, 1e4, "m/s"),
    "WAVE": ("WAVE", 1.3e-3, 1e-7, "m"),
}


def save(name, *hdus, **options):
    fits.HDUList(list(hdus)).writeto(OUT / f"{name}.fits", **options)


def pixels(kind, *shape):
    dtype = np.dtype(kind)
    if dtype.kind == "f":
        values = RANDOM.standard_normal(shape).astype(dtype)
        values[RANDOM.random(shape) < 0.1] = np.nan
        return values
    limits = np.iinfo(dtype)
    return RANDOM.integers(max(limits.min, -(2**40)), min(limits.max, 2**40), shape).astype(dtype)


def axes(header, number, kind, value, step, unit, centre, form):
    header[f"CTYPE{number}"], header[f"CRVAL{number}"], header[f"CRPIX{number}"] = kind, value, centre
    header[f"CD{number}_{number}" if form == "cd" else f"CDELT{number}"] = step
    if unit:
        header[f"CUNIT{number}"] = unit


def sky(projection, dimensions, form="pc", centre=(150.57, -31.2), turn=0.0, step=(-1e-3, 2e-3), spectral="FREQ", frame=("RA--", "DEC-")):
    header = fits.Header()
    cosine, sine = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    for number in (1, 2):
        header[f"CTYPE{number}"] = f"{frame[number - 1]}-{projection}"
        header[f"CRVAL{number}"], header[f"CUNIT{number}"] = centre[number - 1], "deg"
    header["CRPIX1"], header["CRPIX2"] = 17.3, 9.2
    ratio = step[1] / step[0]
    if form == "cd":
        header["CD1_1"], header["CD1_2"] = step[0] * cosine, -step[1] * sine
        header["CD2_1"], header["CD2_2"] = step[0] * sine, step[1] * cosine
    else:
        header["CDELT1"], header["CDELT2"] = step
    if form == "pc":
        header["PC1_1"], header["PC1_2"], header["PC2_1"], header["PC2_2"] = cosine, -sine * ratio, sine / ratio, cosine
    if form == "crota":
        header["CROTA2"] = turn
    if dimensions > 2:
        kind, value, width, unit = SPECTRAL[spectral]
        axes(header, 3, kind, value, width, unit, 3.0, form)
        header["RESTFRQ"], header["SPECSYS"] = 2.30538e11, "LSRK"
    if dimensions > 3:
        axes(header, 4, "STOKES", 1.0, 1.0, None, 1.0, form)
    header["RADESYS"] = "ICRS"
    return header


for kind in ("uint8", "int16", "int32", "int64", "float32", "float64"):
    save(f"bitpix-{kind}", fits.PrimaryHDU(pixels(kind, 3, 7, 11)))
    save(f"checksum-{kind}", fits.PrimaryHDU(pixels(kind, 5, 33, 47)), fits.ImageHDU(pixels(kind, 3, 5), name="X"), checksum=True)
for kind in ("uint16", "uint32", "int8"):
    save(f"offset-{kind}", fits.PrimaryHDU(pixels(kind, 7, 11)))
for kind in ("int16", "int32"):
    scaled = fits.PrimaryHDU((RANDOM.random((9, 13)) * 100).astype("f4"))
    scaled.scale(kind, bscale=0.01, bzero=3.5)
    scaled.header["BLANK"] = -32768
    save(f"scaled-{kind}", scaled)
for projection in ("SIN", "TAN", "ARC", "STG", "ZEA"):
    for form, turn in (("pc", 0.0), ("pc", 12.0), ("cd", 33.0), ("crota", -20.0)):
        save(f"sky-{projection}-{form}-{turn:g}", fits.PrimaryHDU(pixels("f4", 1, 4, 30, 40), sky(projection, 4, form, turn=turn)))
save("sky-pole", fits.PrimaryHDU(pixels("f4", 30, 40), sky("TAN", 2, centre=(10.0, 89.99))))
save("sky-origin", fits.PrimaryHDU(pixels("f4", 30, 40), sky("SIN", 2, centre=(0.001, -89.9))))
save("sky-flipped", fits.PrimaryHDU(pixels("f4", 30, 40), sky("SIN", 2, step=(1e-3, 1e-3))))
save("sky-wide", fits.PrimaryHDU(pixels("f4", 30, 40), sky("TAN", 2, step=(-1.0, 1.0))))
save("sky-galactic", fits.PrimaryHDU(pixels("f4", 30, 40), sky("SIN", 2, frame=("GLON", "GLAT"))))
for name, frame in (("fk5", "FK5"), ("icrs", "ICRS")):
    turned = sky("SIN", 2, centre=(0.005, 12.0), turn=40.0)
    turned["RADESYS"] = frame
    if frame == "FK5":
        turned["EQUINOX"] = 2000.0
    save(f"sky-{name}", fits.PrimaryHDU(pixels("f4", 30, 40), turned))
save("sky-large", fits.PrimaryHDU(pixels("f4", 30, 40), sky("SIN", 2, centre=(359.0, 60.0), step=(-0.5, 0.5))))
for kind in SPECTRAL:
    save(f"spectral-{kind}", fits.PrimaryHDU(pixels("f4", 1, 6, 8, 9), sky("SIN", 4, spectral=kind)))
save("wcslib-header", fits.PrimaryHDU(pixels("f4", 1, 4, 30, 40), WCS(sky("SIN", 4)).to_header()))
rows = Table({"a": np.arange(5), "b": RANDOM.random(5), "s": ["x", "yy", "zzz", "", "q"], "v": RANDOM.random((5, 3)).astype("f4")})
save("table", fits.PrimaryHDU(), fits.table_to_hdu(rows), checksum=True)
ragged = np.array([np.arange(3.0), np.arange(7.0)], dtype=object)
save("heap", fits.PrimaryHDU(), fits.BinTableHDU.from_columns([fits.Column(name="var", format="PD()", array=ragged)]), checksum=True)
text = [fits.Column(name="n", format="I6", array=[1, 2]), fits.Column(name="t", format="A5", array=["a", "b"])]
save("text-table", fits.PrimaryHDU(), fits.TableHDU.from_columns(text), checksum=True)
for method in ("RICE_1", "GZIP_1", "HCOMPRESS_1"):
    compressed = fits.CompImageHDU(RANDOM.integers(0, 100, (32, 32)).astype("i2"), compression_type=method)
    save(f"compressed-{method}", fits.PrimaryHDU(), compressed)
cards = fits.PrimaryHDU(pixels("f4", 4, 5))
cards.header["LONGSTR"] = "it's a long string with 'quotes' & ampersands & " * 6
cards.header["HIERARCH ESO DET CHIP1 ID"] = "abc"
cards.header["UNDEF"] = fits.Undefined()
cards.header["HISTORY"] = "h " * 100
save("cards", cards, checksum=True)
save("many", fits.PrimaryHDU(), *(fits.ImageHDU(pixels("i2", n + 1, 3), name=f"E{n}") for n in range(30)), checksum=True)
save("no-data", fits.PrimaryHDU())
save("zero-axis", fits.PrimaryHDU(np.zeros((0, 5), "f4")), fits.ImageHDU(pixels("f4", 4, 4)))
save("whole-block", fits.PrimaryHDU(np.ones((36, 20), "f4")), checksum=True)
save("infinite", fits.PrimaryHDU(np.array([[1, np.inf], [-np.inf, np.nan]], "f4")))
save("all-nan", fits.PrimaryHDU(np.full((3, 4), np.nan, "f8")))
save("stokes", fits.PrimaryHDU(pixels("f4", 4, 2, 5, 6), sky("SIN", 4)))
