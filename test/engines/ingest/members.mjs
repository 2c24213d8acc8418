// Fetches random files of the sample and of a packed tree of 20,000 files by range, from the directory store and from
// an S3 server, and compares each with the file that was sent.
// Usage: node test/engines/ingest/members.mjs [--members 1000] [--files 20000] [--seed N]
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { extract } from 'tar-stream';
import { startS3 } from '../start-s3.mjs';
import { Archive } from './archive.mjs';
import { generator } from './generator.mjs';
import { exitWhenInterrupted, temporaryFolder } from '../server-process.mjs';

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
const SAMPLE = ['1-member-12m.json', '2-member-7m.json', '3-group.json'];
const BELOW = 'science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa4';
/** Small enough that the tree is packed into several parts. */
const MAX_PART_SIZE = 64 * 1024 * 1024;
const AT_ONCE = 8;

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '1000' },
    files: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [members, files] = [Number(values.members), Number(values.files)];
const random = generator(Number(values.seed));
console.log(`seed ${values.seed}: ${members} files of the sample and of a tree of ${files}`);

exitWhenInterrupted();
const place = await temporaryFolder('members-');
const tree = join(place, 'tree');
await mkdir(tree);
const sent = new Map([...(await unpack(SAMPLE)), ...(await makeTree())]);
await through('the directory', sent, {});
const server = await startS3();
try {
  const { endpoint, accessKey, secretKey } = server;
  await through('S3', sent, { S3_ENDPOINT: endpoint, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey });
} finally {
  await server.stop();
}

/** @param {Map<string, string>} sent the SHA-256 of each file, by `<example> <path>` */
async function through(store, sent, env) {
  const home = join(place, 'home');
  const archive = await Archive.start({
    home,
    sources: `${place},${EXAMPLES}`,
    env: { ...env, MAX_PART_SIZE: String(MAX_PART_SIZE) },
  });
  try {
    const listed = [];
    for (const example of [...SAMPLE, 'tree']) listed.push(...(await deliver(archive, example)));
    assert.equal(listed.length, sent.size, 'the catalogue does not list every file');
    const parts = new Set(listed.map(({ delivery, part }) => `${delivery} ${part}`));
    const drawn = Array.from({ length: members }, () => listed[Math.floor(random() * listed.length)]);
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => fetchAll(archive, sent, drawn, index)));
    console.log(`${members} of ${listed.length} files in ${parts.size} parts from ${store}: all as they were sent`);
  } finally {
    await archive.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function fetchAll(archive, sent, drawn, first) {
  for (let index = first; index < drawn.length; index += AT_ONCE) {
    const { example, path, delivery, part, offset, size, url, sha256 } = drawn[index];
    const expected = sent.get(`${example} ${path}`);
    assert.equal(sha256, expected, `the catalogue has another digest of ${path}`);
    const inPart = `/deliveries/${delivery}/parts/${part}`;
    assert.equal(await digestOf(archive, inPart, offset, size), expected, `${path} as a range of ${part}`);
    assert.equal(await digestOf(archive, url, 0, size), expected, `${path} by its own ranges`);
  }
}

/** Returns the SHA-256 of a range of bytes, fetched as two ranges with a random boundary. */
async function digestOf(archive, url, from, size) {
  const hash = createHash('sha256');
  const cut = Math.floor(random() * size);
  for (const [start, end] of [
    [from, from + cut],
    [from + cut, from + size],
  ]) {
    if (start === end) continue;
    const response = await archive.ask(url, { headers: { range: `bytes=${start}-${end - 1}` } });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 206, url);
    assert.equal(bytes.length, end - start);
    hash.update(bytes);
  }
  return hash.digest('hex');
}

/** Posts an example and returns the files that the catalogue lists for it. */
async function deliver(archive, example) {
  const result = await resultOf(example);
  const path = await archive.post(result);
  const status = await archive.settled(path);
  assert.equal(status.report?.verdict, 'pass', `${example}: ${JSON.stringify(status.report?.findings)}`);
  const listed = [];
  for (let next = ''; next !== null;) {
    const page = await (await archive.ask(`/deliveries/${status.id}/files?limit=1000${next}`)).json();
    listed.push(...page.items.map((file) => ({ ...file, example, delivery: status.id })));
    next = page.next && `&cursor=${encodeURIComponent(page.next)}`;
  }
  return listed;
}

async function resultOf(example) {
  if (example !== 'tree') return located(JSON.parse(await readFile(join(EXAMPLES, example), 'utf8')));
  const result = located(JSON.parse(await readFile(join(EXAMPLES, SAMPLE[1]), 'utf8')));
  return { ...result, parts: undefined, revision: 2, tree: { location: pathToFileURL(tree).href } };
}

function located(result) {
  const at = (location) => pathToFileURL(join(EXAMPLES, location)).href;
  for (const part of result.parts) part.location = at(part.location);
  for (const { asdm } of result.executionBlocks) asdm.location = at(asdm.location);
  return result;
}

/** Returns the SHA-256 of every file in the sample's parts. */
async function unpack(examples) {
  const digests = [];
  for (const example of examples) {
    const { parts } = JSON.parse(await readFile(join(EXAMPLES, example), 'utf8'));
    for (const { location } of parts) {
      await each(join(EXAMPLES, location), async (path, content) => {
        digests.push([`${example} ${path}`, digest(content)]);
      });
    }
  }
  return digests;
}

/** Writes the sample's 7 m member with enough added small files, of random sizes and with names of random lengths. */
async function makeTree() {
  const digests = [];
  const put = async (path, content) => {
    await mkdir(join(tree, path, '..'), { recursive: true });
    await writeFile(join(tree, path), content);
    digests.push([`tree ${path}`, digest(content)]);
  };
  const { project, parts } = JSON.parse(await readFile(join(EXAMPLES, SAMPLE[1]), 'utf8'));
  for (const { location } of parts) await each(join(EXAMPLES, location), put);
  const pool = randomBytes(1024 * 1024);
  for (let number = digests.length; number < files; number++) {
    const folder = `${project}/${BELOW}/log/${number % 100}/${'x'.repeat(Math.floor(random() * 120) + 1)}`;
    const at = Math.floor(random() * pool.length);
    await put(`${folder}/${number}.log`, pool.subarray(at, at + Math.floor(random() ** 4 * 65536)));
  }
  return digests;
}

async function each(tar, work) {
  const reading = extract();
  reading.on('entry', (header, stream, next) => {
    const pieces = [];
    stream.on('data', (piece) => pieces.push(piece));
    stream.on('end', () => {
      if (header.type === 'file') work(header.name, Buffer.concat(pieces)).then(() => next(), next);
      else next();
    });
  });
  await pipeline(createReadStream(tar), reading);
}

function digest(content) {
  return createHash('sha256').update(content).digest('hex');
}
