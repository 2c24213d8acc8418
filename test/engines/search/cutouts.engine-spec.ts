import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type CutoutFilter, openCutout } from '@almagest/fits';

const ENGINES = join(__dirname, '..');
const SCRIPT = join(__dirname, 'cutouts.py');

describe('cutouts', () => {
  let folder: string;
  let python: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'almagest-cutouts-'));
    python = execFileSync(process.execPath, [join(ENGINES, 'python.mjs'), 'cutouts'])
      .toString()
      .trim();
    execFileSync(python, [SCRIPT, 'write', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are those of Cutout2D and spectral-cube: pixels, coordinates, beams', async () => {
    const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as (CutoutFilter & { file: string })[];
    for (const [number, { file, ...filter }] of cases.entries()) {
      const path = join(folder, file);
      const open = (start: number, end: number): Promise<Readable> =>
        Promise.resolve(createReadStream(path, { start, end }));
      const source = { name: file, sha256: '0'.repeat(64), size: statSync(path).size, open };
      const cutout = await openCutout(source, filter);
      if (cutout !== null) await pipeline(cutout.pieces, createWriteStream(join(folder, `${number}.cut.fits`)));
    }
    const output = execFileSync(python, [SCRIPT, 'check', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    const { differences, ...counts } = JSON.parse(output.toString()) as Record<string, unknown>;
    expect(differences).toEqual({});
    expect(counts).toEqual({ cases: cases.length, empty: expect.any(Number) as unknown });
    expect(cases.length).toBeGreaterThan(200);
  });
});
