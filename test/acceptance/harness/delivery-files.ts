import { gzipSync } from 'node:zlib';
import { toFileForm } from '@almagest/ous';
import { extract, pack } from 'tar-stream';
import { type Member, type Project, treeOf } from './project';

/** An entry of a tar; by default a file. */
export interface TarEntry {
  path: string;
  content?: string | Buffer;
  type?: 'file' | 'directory' | 'symlink';
  linkTo?: string;
}

/** Packs the entries into a tar. */
export async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { path, content = '', type = 'file', linkTo } of entries) {
    archive.entry({ name: path, type, linkname: linkTo, mtime: new Date('2015-01-20T09:00:00Z') }, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** Returns the files of a tar, read by another program than the archive. */
export async function filesOfTar(tar: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const reader = extract();
  reader.end(tar);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(Buffer.from(chunk as Uint8Array));
    if (entry.header.type === 'file') files.set(entry.header.name, Buffer.concat(chunks));
  }
  return files;
}

/** Returns the files of a small delivery of a MemberOUS calibrated by an analyst, as required by §§3-5. */
export async function memberFiles(project: Project, member: Member): Promise<TarEntry[]> {
  const block = toFileForm(member.executionBlock);
  const page = (number: number): [string, Buffer] => [`qa/${block}__qa2_part${number}.png`, PNG];
  const files: [path: string, content: string | Buffer][] = [
    ['README', readme(project)],
    [`calibration/${block}.calibration.tgz`, await calibrationOf(block)],
    [`calibration/${block}.calibration.plots/${block}.ms.plotants.png`, PNG],
    ['log/imaging.log', 'imaging done\n'],
    ['product/NGC1.cont.pbcor.fits', FITS_IMAGE],
    ['product/NGC1.cont.flux.fits', FITS_IMAGE],
    ...[1, 2, 3].map(page),
    [`qa/${block}__textfile.txt`, `QA2 report of ${block}\n`],
    ['script/scriptForPI.py', "print('calibrate')\n"],
    ['script/scriptForImaging.py', "print('image')\n"],
    [`script/${block}.ms.scriptForCalibration.py`, "print('apply')\n"],
  ];
  return inTree(treeOf(project, member), files);
}

/** Returns the files of a small delivery of a GroupOUS. */
export function groupFiles(project: Project): TarEntry[] {
  return inTree(treeOf(project), [
    ['README', readme(project)],
    ['log/imaging.log', 'combined\n'],
    ['product/NGC1.cont.pbcor.fits', FITS_IMAGE],
    ['product/NGC1.cont.flux.fits', FITS_IMAGE],
    [`qa/${toFileForm(project.group)}__qa2_part1.png`, PNG],
    ['script/scriptForImaging.py', "print('combine')\n"],
  ]);
}

function inTree(tree: string, files: [path: string, content: string | Buffer][]): TarEntry[] {
  return files.map(([path, content]) => ({ path: `${tree}/${path}`, content }));
}

/** Returns a README in the form of Cycles 1 to 4. */
function readme({ code, members }: Project): string {
  return `Atacama Large Millimeter/submillimeter Array (ALMA)

#####

Cycle: 2
Project code: ${code}
SB name: NGC1_a_06_TE
PI name: Vera Rubin (Username: vrubin)
Project title: A small delivery
Configuration: C34-2
Proposed rms: 1 mJy
Proposed beam size: 1 arcsec
CASA version used for reduction: 4.2.2
QA2 Result: PASS
Total Number of Member SBs in this OUS Group: ${members.length}
Comments from Reducer:

The synthesized beam is 1.0" x 0.8" and the rms is 1.0 mJy/beam.

#####
`;
}

async function calibrationOf(block: string): Promise<Buffer> {
  const folder = `${block}.calibration/${block}.ms`;
  return gzipSync(
    await tarOf([
      { path: `${folder}.bandpass/table.dat`, content: 'a table' },
      { path: `${folder}.flagversions/FLAG_VERSION_LIST`, content: 'Original : before any flagging\n' },
    ]),
  );
}

/** A PNG of a single grey pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

/** An image of the sky, 4 x 4 pixels, one channel, one polarisation (FITS 3.0, §4.3). */
const FITS_IMAGE = fitsImage();

function fitsImage(): Buffer {
  const cards = [
    'SIMPLE  = T',
    'BITPIX  = -32',
    'NAXIS   = 4',
    'NAXIS1  = 4',
    'NAXIS2  = 4',
    'NAXIS3  = 1',
    'NAXIS4  = 1',
    "BUNIT   = 'JY/BEAM '",
    'BMAJ    = 2.78E-04',
    'BMIN    = 2.22E-04',
    'BPA     = 0.0',
    "CTYPE1  = 'RA---SIN'",
    'CRVAL1  = 150.5',
    'CRPIX1  = 2.0',
    'CDELT1  = -5.0E-05',
    "CUNIT1  = 'deg'",
    "CTYPE2  = 'DEC--SIN'",
    'CRVAL2  = -31.2',
    'CRPIX2  = 2.0',
    'CDELT2  = 5.0E-05',
    "CUNIT2  = 'deg'",
    "CTYPE3  = 'FREQ'",
    'CRVAL3  = 2.32E+11',
    'CRPIX3  = 1.0',
    'CDELT3  = 2.0E+09',
    "CUNIT3  = 'Hz'",
    "CTYPE4  = 'STOKES'",
    'CRVAL4  = 1.0',
    'CRPIX4  = 1.0',
    'CDELT4  = 1.0',
    "RADESYS = 'ICRS'",
    'RESTFRQ = 2.30538E+11',
    "SPECSYS = 'LSRK'",
    "OBJECT  = 'NGC1'",
    'END',
  ];
  const header = cards.map(cardOf).join('').padEnd(2880, ' ');
  const pixels = Buffer.alloc(2880);
  for (let pixel = 0; pixel < 16; pixel++) pixels.writeFloatBE(0.5 + 0.01 * (pixel % 3), 4 * pixel);
  return Buffer.concat([Buffer.from(header, 'ascii'), pixels]);
}

/** Fixed format: a value ends at column 30 unless it is a string, which begins at column 11. */
function cardOf(card: string): string {
  const [keyword = '', value] = card.split('= ');
  if (value === undefined) return card.padEnd(80);
  const field = value.startsWith("'") ? `'${value.slice(1, -1).padEnd(8)}'` : value.padStart(20);
  return `${keyword}= ${field}`.padEnd(80);
}
