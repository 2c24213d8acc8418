import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { Sources } from '@almagest/sources';
import { sourceConformance } from '@almagest/sources/testing/source.conformance';
import { piecesOf } from '@almagest/sources/testing/pieces-of';
import { archive, server } from './ngas-archive';

const sources = new Sources({ roots: [], hosts: [], s3: null, ngas: [server] });

sourceConformance('a real NGAS server', async () => ({
  put: (name, bytes) => archive(name, new Uint8Array(bytes)),
  forbidden: 'ngas://127.0.0.1:1/file',
  missing: `ngas://${server}/missing`,
  at: (location, size) => sources.at(location, size),
  stop: async () => undefined,
}));

describe('a real NGAS server', () => {
  it('serves the ASDMs of the sample, verified by its own checksum', async () => {
    const name = '2013.1.09999.S_uid___A002_X1_Xb3.asdm.sdm.tar';
    const tar = readFileSync(`examples/${name}`);
    const location = await archive(name, new Uint8Array(tar));
    const got = await buffer(piecesOf(sources.at(location, tar.length), new AbortController().signal));
    expect(got.equals(tar)).toBe(true);
  });

  it('reports a different size before anything is read', async () => {
    const location = await archive('short', new Uint8Array([1, 2, 3]));
    const reading = buffer(piecesOf(sources.at(location, 4), new AbortController().signal));
    await expect(reading).rejects.toMatchObject({ code: 'source.other-length', found: '3 bytes' });
  });
});
