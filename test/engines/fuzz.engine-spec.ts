import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const CASES = 300;

describe('mutated archives, FITS headers, PPRs and READMEs', () => {
  it(`come to a finding or an acceptance, ${CASES} of them, in time and in bounded memory`, () => {
    const options = [join(ROOT, 'test/fuzz/fuzz.mjs'), '--cases', `${CASES}`];
    const { status, stdout, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8' });
    // The whole output is compared, so that a failure shows its seed and its cases.
    expect({ status, stderr, output: stdout }).toEqual({
      status: 0,
      stderr: '',
      output: expect.stringMatching(/^seed \d+/) as string,
    });
    const counted = [...stdout.matchAll(/^ +(\d+) (?:archive|fits|ppr|readme) /gm)];
    expect(counted.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(CASES);
  });
});
