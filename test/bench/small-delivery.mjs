import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/**
 * Writes the part of a small, manually calibrated delivery of a MemberOUS and returns its QA2 result.
 * Numbers 2n and 2n + 1 are the two members of one group.
 * @param {string} directory a source root of the archive
 * @param {number} number from 0; the same number gives the same ObsUnitSet
 * @param {number} padding bytes of a further log file, to make the part larger
 */
export async function smallResult(directory, number, padding = 0) {
  const group = number >> 1;
  const uid = (archive, low) => `uid://${archive}/X${(group + 1).toString(16)}/X${low.toString(16)}`;
  const members = [uid('A001', 0x10), uid('A001', 0x11)];
  const [member, block] = [members[number & 1], uid('A002', 0x10 + (number & 1))];
  const project = `2013.1.${String(group).padStart(5, '0')}.S`;
  const tree = `${project}/science_goal.${fileForm(uid('A001', 1))}/group.${fileForm(uid('A001', 2))}/member.${fileForm(member)}`;
  const files = await filesOf(tree, project, fileForm(block));
  if (padding > 0) files.push([`${tree}/log/padding.log`, Buffer.alloc(padding, 'log\n')]);
  const bytes = await tarOf(files);
  const name = `${project}_${fileForm(member)}_1_of_1.tar`;
  await writeFile(join(directory, name), bytes);
  return {
    project,
    level: 'member',
    scienceGoal: uid('A001', 1),
    group: {
      uid: uid('A001', 2),
      members: [
        { uid: members[0], array: '12m' },
        { uid: members[1], array: '7m' },
      ],
    },
    member,
    revision: 1,
    outcome: 'PASS',
    decidedAt: '2014-12-05T08:50:00Z',
    executionBlocks: [{ uid: block, use: 'used', asdm: { size: 1000, location: 'file:///raw/asdm' } }],
    parts: [
      {
        name,
        location: pathToFileURL(join(directory, name)).href,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    ],
    recipients: [{ role: 'pi', name: 'Vera Rubin', email: `pi-${number}@example.org` }],
    releaseDate: '2015-12-05',
  };
}

export function fileForm(uid) {
  return uid.replace('://', '___').replaceAll('/', '_');
}

/** Returns the files of a small delivery of a MemberOUS as `[path, content]`. */
export async function filesOf(tree, project, block) {
  const tables = `${block}.calibration/${block}.ms`;
  const calibration = [
    [`${tables}.bandpass/table.dat`, 'a table'],
    [`${tables}.flagversions/FLAG_VERSION_LIST`, 'Original : before any flagging\n'],
  ];
  const files = [
    ['README', `Project code: ${project}\nQA2 Result: PASS\nThe beam is 1.0" x 0.8" and the rms is 1.0 mJy/beam.\n`],
    [`calibration/${block}.calibration.tgz`, gzipSync(await tarOf(calibration))],
    ['log/imaging.log', 'imaging done\n'],
    ['product/NGC1.cont.pbcor.fits', IMAGE],
    ['product/NGC1.cont.flux.fits', IMAGE],
    ...[1, 2, 3].map((page) => [`qa/${block}__qa2_part${page}.png`, 'a page']),
    [`qa/${block}__textfile.txt`, `QA2 report of ${block}\n`],
    ['script/scriptForPI.py', "print('calibrate')\n"],
    ['script/scriptForImaging.py', "print('image')\n"],
    [`script/${block}.ms.scriptForCalibration.py`, "print('apply')\n"],
  ];
  return files.map(([path, content]) => [`${tree}/${path}`, content]);
}

export async function tarOf(files) {
  const archive = pack();
  for (const [name, content] of files) archive.entry({ name, mtime: new Date(1421744400000) }, content);
  archive.finalize();
  const chunks = [];
  for await (const chunk of archive) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A sky image of 2 x 2 pixels. */
export const IMAGE = fitsOf([
  'SIMPLE  =                    T',
  'BITPIX  =                  -32',
  'NAXIS   =                    4',
  'NAXIS1  =                    2',
  'NAXIS2  =                    2',
  'NAXIS3  =                    1',
  'NAXIS4  =                    1',
  "BUNIT   = 'JY/BEAM '",
  "CTYPE1  = 'RA---SIN'",
  "CTYPE2  = 'DEC--SIN'",
  "CTYPE3  = 'FREQ    '",
  "CTYPE4  = 'STOKES  '",
  'END',
]);

function fitsOf(cards) {
  const header = cards.map((card) => card.padEnd(80)).join('');
  return Buffer.concat([Buffer.from(header.padEnd(2880)), Buffer.alloc(2880)]);
}
