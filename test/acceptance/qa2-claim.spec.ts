import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type DeliveryReport, deliveryReportSchema, ousOf, type Qa2Result } from '@almagest/contracts';
import { Archive } from './harness/archive';
import { REPOSITORY } from './harness/built';
import { filesOfTar, tarOf } from './harness/delivery-files';
import { putPart } from './harness/posting';
import { sampleDelivery, samplePart, sampleResult } from './harness/sample';

const run = promisify(execFile);

/** Returns the report of `almagest validate` about the parts of a result, without the fields that the command adds. */
async function validated({ parts = [] }: Qa2Result): Promise<DeliveryReport> {
  const paths = parts.map(({ location }) => fileURLToPath(location));
  const { stdout } = await run(process.execPath, [
    join(REPOSITORY, 'dist/apps/cli/main.js'),
    'validate',
    '--json',
    ...paths,
  ]);
  return deliveryReportSchema.strip().parse(JSON.parse(stdout));
}

/** Packs the 12 m member of the sample again: images and primary beams in different parts, with a changed README. */
async function repacked(inbox: string, readme: (text: string) => string): Promise<Qa2Result> {
  const result = sampleResult('member12m');
  const tars = sampleDelivery(ousOf(result)).product_tars.map(({ name }) => name);
  const files = (await Promise.all(tars.map((name) => filesOfTar(samplePart(name))))).flatMap((each) => [...each]);
  const isBeam = (path: string): boolean => path.endsWith('.flux.fits');
  const entries = files.map(([path, content]) => ({
    path,
    content: path.endsWith('/README') ? readme(content.toString('utf8')) : content,
  }));
  const contents = [entries.filter(({ path }) => !isBeam(path)), entries.filter(({ path }) => isBeam(path))];
  const parts = contents.map(async (content, index) => putPart(inbox, tars[index] ?? '', await tarOf(content)));
  return { ...result, parts: await Promise.all(parts) };
}

describe('the report of an ingested delivery', () => {
  let archive: Archive;
  beforeAll(async () => {
    archive = await Archive.start();
  });
  afterAll(() => archive.remove());

  const reportOf = (id: string): Promise<DeliveryReport> =>
    archive.client.get(`/deliveries/${id}/report`, deliveryReportSchema);

  it('has the noise and beam of every image, equal to those of `almagest validate`', async () => {
    const result = sampleResult('member7m');
    const { id } = await archive.client.deliver(result);
    const { facts, findings } = await reportOf(id);
    expect(findings).toEqual([]);
    expect(facts.measurements?.map(({ problem, result: measured }) => [problem, measured?.noise.length])).toEqual([
      [null, 1],
      [null, 1],
    ]);
    expect(facts.claims.map(({ nearest }) => [nearest?.beamAgrees, nearest?.noiseAgrees])).toEqual([
      [true, true],
      [true, true],
    ]);
    const { measurements, claims } = (await validated(result)).facts;
    expect({ measurements: facts.measurements, claims: facts.claims }).toEqual({ measurements, claims });
  });

  it('warns of a noise that matches no image, even if image and primary beam are in different parts', async () => {
    const result = await repacked(archive.inbox, (text) => text.replace('0.21 mJy/beam', '0.05 mJy/beam'));
    const { id } = await archive.client.deliver(result);
    const { findings, facts, verdict } = await reportOf(id);
    expect(verdict).toBe('pass');
    expect(findings).toMatchObject([{ code: 'qa2.noise', severity: 'warn', found: '0.0500 mJy/beam' }]);
    expect(findings).toEqual((await validated(result)).findings);
    expect(facts.measurements?.map(({ problem }) => problem)).toEqual([null, null]);
    expect((await archive.client.status(id)).report?.findings).toEqual(findings);
  });
});
