import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Archive } from '../../acceptance/harness/archive';
import { sha256 } from '../../acceptance/harness/posting';
import { RawClient } from '../../acceptance/harness/raw-client';
import { EXAMPLES, sampleResult } from '../../acceptance/harness/sample';
import { archive as put, server } from './ngas-archive';

describe('raw data in a real NGAS archive', () => {
  let archive: Archive | undefined;
  afterEach(() => archive?.remove());

  it('are staged from it on request, and missing ASDMs are reported', async () => {
    const result = sampleResult('member12m');
    const tars = await Promise.all(
      result.executionBlocks.map(({ asdm }) => readFile(join(EXAMPLES, asdm.location.split('/').at(-1) ?? ''))),
    );
    const [first = '', second = ''] = await Promise.all(
      tars.map((tar, index) => put(`2013.1.09999.S_${index}.asdm.sdm.tar`, new Uint8Array(tar))),
    );
    const missing = `ngas://${server}/nobody-has-this`;
    archive = await Archive.start({ env: { SOURCE_NGAS_SERVERS: server } });
    const posted = (revision: number, locations: string[]): typeof result => ({
      ...result,
      revision,
      executionBlocks: result.executionBlocks.map((block, index) => ({
        ...block,
        asdm: { ...block.asdm, location: locations[index] ?? '' },
      })),
    });
    const raw = new RawClient(archive.client);

    await archive.client.deliver(posted(1, [first, missing]));
    const { request } = await raw.request({ ous: result.member });
    expect((await raw.settled(request.id)).asdms.map(({ state, error }) => [state, error?.code])).toEqual([
      ['staged', undefined],
      ['failed', 'source.not-found'],
    ]);

    await archive.client.deliver(posted(2, [first, second]));
    const again = await raw.request({ ous: result.member });
    expect(again.request.id).not.toBe(request.id);
    const staged = await raw.settled(again.request.id);
    expect(staged.asdms.map(({ sha256: digest }) => digest)).toEqual(tars.map(sha256));
  });
});
