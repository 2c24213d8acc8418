import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPaths, resolveLocations } from './locations';

describe('resolveLocations', () => {
  it('resolves paths of parts, tree and ASDMs from the directory of the result', () => {
    const { document, local } = resolveLocations(
      {
        parts: [{ name: 'a', location: 'a.tar' }, { location: '../b c.tar' }],
        tree: { location: '.' },
        executionBlocks: [{ asdm: { size: 1, location: 'raw/x.tar' } }],
        alsoServes: [{ executionBlocks: [{ asdm: { size: 1, location: 'raw/y.tar' } }] }, null],
      },
      '/data/qa2',
    );
    expect(document).toEqual({
      parts: [{ name: 'a', location: 'file:///data/qa2/a.tar' }, { location: 'file:///data/b%20c.tar' }],
      tree: { location: 'file:///data/qa2' },
      executionBlocks: [{ asdm: { size: 1, location: 'file:///data/qa2/raw/x.tar' } }],
      alsoServes: [{ executionBlocks: [{ asdm: { size: 1, location: 'file:///data/qa2/raw/y.tar' } }] }, null],
    });
    expect(local).toEqual([
      { pointer: '/parts/0/location', path: '/data/qa2/a.tar' },
      { pointer: '/parts/1/location', path: '/data/b c.tar' },
      { pointer: '/tree/location', path: '/data/qa2' },
    ]);
  });

  it('keeps absolute paths and encodes special characters', () => {
    const { document } = resolveLocations({ parts: [{ location: '/d/天#?%.tar' }] }, '/data');
    expect(document).toEqual({ parts: [{ location: 'file:///d/%E5%A4%A9%23%3F%25.tar' }] });
  });

  it.each(['https://host/a.tar', 's3://bucket/a.tar', 'file:///a.tar', 'HTTP://host/a'])(
    'leaves %s unchanged',
    (location) => {
      const document = { parts: [{ location }] };
      expect(resolveLocations(document, '/data')).toEqual({ document, local: [] });
    },
  );

  it('does not change its argument', () => {
    const document = { parts: [{ location: 'a.tar' }] };
    resolveLocations(document, '/data');
    expect(document.parts[0]?.location).toBe('a.tar');
  });

  it.each([
    null,
    'text',
    [1],
    { parts: 'x', tree: [], executionBlocks: [null, { asdm: 'y' }, 7] },
    { parts: [{ location: 5 }, { location: '' }, null] },
  ])('leaves %j to the validation of the QA2 result', (document) => {
    expect(resolveLocations(document, '/data')).toEqual({ document, local: [] });
  });
});

describe('missingPaths', () => {
  it('reports paths that do not exist', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'almagest-cli-'));
    await writeFile(join(directory, 'a.tar'), '');
    const local = ['a.tar', 'b.tar'].map((name, index) => ({
      pointer: `/parts/${index}`,
      path: join(directory, name),
    }));
    await expect(missingPaths(local)).resolves.toEqual([
      { pointer: '/parts/1', message: `${join(directory, 'b.tar')} does not exist` },
    ]);
    await rm(directory, { recursive: true });
  });
});
