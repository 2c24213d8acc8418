import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { mutated, mutatedFits, mutatedTar } from './mutations.mjs';
import { Random } from './random.mjs';
import { headerLength, seeds } from './seeds.mjs';

const require = createRequire(import.meta.url);
const { DeliveryInspection, deliveryReportSchema } = require('../../dist/libs/delivery');
const { FitsError, FitsInspector, verifyPrimaryBeam } = require('../../dist/libs/fits');
const { TarError, TarReader } = require('../../dist/libs/tar');

const KINDS = ['archive', 'fits', 'ppr', 'readme'];
const CHUNKS = [1, 512, 4096, 65_536];
const { name, tars, entries } = seeds();

/** Runs one case, the same for the same number. Returns its outcome. Throws when the report is not as it must be. */
async function run(number) {
  const random = new Random(number);
  const kind = KINDS[number % KINDS.length];
  const report = kind === 'archive' ? await archive(random) : await file(kind, random);
  deliveryReportSchema.parse(report);
  const { verdict, counts, findings } = report;
  if ((verdict === 'rejected') !== counts.reject > 0)
    throw new Error(`verdict ${verdict} with ${counts.reject} rejects`);
  if (verdict === 'rejected' && findings.length === 0) throw new Error('rejected without a finding');
  return { kind, outcome: verdict === 'rejected' ? 'rejected' : findings.length > 0 ? 'finding' : 'accepted' };
}

async function archive(random) {
  const { bytes, headers } = random.pick(tars);
  const tar = mutatedTar(bytes, headers, random);
  const inspection = new DeliveryInspection({ posted: null });
  const part = inspection.openPart(name);
  const reader = new TarReader({ onEntry: (entry) => part.entry(entry).content });
  let problem;
  try {
    for (const chunk of chunks(tar, random)) {
      reader.write(chunk);
      await inspection.backlog();
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    problem = error;
  }
  part.close(problem);
  const report = await inspection.finish();
  const isReported = report.findings.some(({ code }) => code.startsWith('archive.'));
  if (problem !== undefined && !isReported) throw new Error(`no finding for ${problem.code}`);
  return report;
}

/** Inspects the delivery with one mutated file. A FITS file is also read by itself. */
async function file(kind, random) {
  const pattern = { fits: /\.fits$/, ppr: /PPR_.*\.xml$/, readme: /README$/ }[kind];
  const chosen = random.pick(entries.filter(({ path }) => pattern.test(path)));
  const changed =
    kind === 'fits' ? mutatedFits(chosen.bytes, headerLength(chosen.bytes), random) : mutated(chosen.bytes, random);
  if (kind === 'fits') readAlone(changed, chosen.bytes);
  const inspection = new DeliveryInspection({ posted: null });
  const part = inspection.openPart(name);
  for (const { path, bytes } of entries) {
    const content = path === chosen.path ? changed : bytes;
    const sink = part.entry({ path, type: 'file', size: content.length }).content;
    if (sink === null) continue;
    for (const chunk of path === chosen.path ? chunks(content, random) : [content]) {
      sink.data(chunk);
      await inspection.backlog();
    }
    sink.end();
  }
  part.close();
  return inspection.finish();
}

/** Checks that a FITS file is either read or rejected with a FitsError, and that an image that was read can be measured. */
function readAlone(changed, original) {
  try {
    const [image, other] = [changed, original].map(sampled);
    if (image === null || other === null) return;
    verifyPrimaryBeam(image, other);
    verifyPrimaryBeam(other, image);
  } catch (error) {
    if (!(error instanceof FitsError)) throw error;
  }
}

function sampled(bytes) {
  const inspector = new FitsInspector({ sample: true });
  inspector.write(bytes);
  return inspector.sampledImage(inspector.end());
}

function* chunks(bytes, random) {
  const size = bytes.length > 200_000 ? 65_536 : random.pick(CHUNKS);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

for (const number of workerData.numbers) {
  parentPort.postMessage({ number, began: true });
  try {
    parentPort.postMessage({ number, ...(await run(number)) });
  } catch (error) {
    parentPort.postMessage({ number, broken: String(error?.stack ?? error) });
  }
}
