import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeliveryInspection } from '@almagest/delivery';
import { archive, member, pax } from '@almagest/tar/testing/archive-builder';
import { FileLog, readPart } from './delivery-reading';

const MEMBER = '2013.1.09999.S/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa3';

describe('reading a part', () => {
  let directory: string;

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'almagest-reading-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('stops in the middle of a hole of 15 GiB', async () => {
    const name = '2013.1.09999.S_uid___A001_X1_Xa3_1_of_1.tar';
    const path = join(directory, name);
    const records: [string, string][] = [
      ['GNU.sparse.size', `${15 * 2 ** 30}`],
      ['path', `${MEMBER}/product/cube.pbcor.fits`],
    ];
    writeFileSync(path, archive(pax(records), member({})));
    const log = new FileLog();
    const stop = new AbortController();
    const reason = new Error('interrupted');
    const watch = setInterval(() => log.files.length > 0 && stop.abort(reason), 0);
    const inspection = new DeliveryInspection({ posted: null });
    const part = { path, name, size: statSync(path).size };
    const onBytes = jest.fn();
    const reading = readPart(part, inspection, log, stop.signal, onBytes).finally(() => clearInterval(watch));
    await expect(reading).rejects.toBe(reason);
    expect(onBytes).not.toHaveBeenCalled();
  });
});
