import fc from 'fast-check';
import { mergeByKey } from './ordered-merge';

interface Item {
  key: string;
}

const items = (keys: readonly string[]): Item[] => keys.map((key) => ({ key }));
async function* listing(keys: readonly string[]): AsyncGenerator<Item> {
  yield* items(keys);
}
const merged = async (left: readonly string[], right: readonly string[]): Promise<string[]> => {
  const all: string[] = [];
  for await (const [a, b] of mergeByKey(listing(left), listing(right))) all.push(`${a?.key ?? ''}|${b?.key ?? ''}`);
  return all;
};

describe('mergeByKey', () => {
  it('yields the items of each key, in order', async () => {
    expect(await merged(['a', 'b', 'd'], ['b', 'c', 'd', 'e'])).toEqual(['a|', 'b|b', '|c', 'd|d', '|e']);
  });

  it('yields the same as a comparison of the two sets', async () => {
    const keys = fc.uniqueArray(fc.stringMatching(/^[a-c./_]{1,4}$/), { maxLength: 30 }).map((all) => all.sort());
    await fc.assert(
      fc.asyncProperty(keys, keys, async (left, right) => {
        const all = [...new Set([...left, ...right])].sort();
        const expected = all.map((k) => `${left.includes(k) ? k : ''}|${right.includes(k) ? k : ''}`);
        expect(await merged(left, right)).toEqual(expected);
      }),
    );
  });

  it.each([
    ['the left listing', ['b', 'a'], ['c']],
    ['the right listing', ['c'], ['b', 'a']],
    ['a listing with a repeated key', ['a', 'a'], []],
  ])('throws when %s is out of order', async (_what, left, right) => {
    await expect(merged(left, right)).rejects.toThrow(RangeError);
  });

  it('closes both listings when the caller stops early or the merge fails', async () => {
    const closed: string[] = [];
    async function* watched(name: string, keys: string[]): AsyncGenerator<Item> {
      try {
        yield* listing(keys);
      } finally {
        closed.push(name);
      }
    }
    for await (const _pair of mergeByKey(watched('left', ['a', 'b']), watched('right', ['a', 'b']))) break;
    const failing = mergeByKey(watched('left2', ['b', 'a']), watched('right2', ['z']));
    await expect(
      (async () => {
        for await (const _pair of failing);
      })(),
    ).rejects.toThrow(RangeError);
    expect(closed).toEqual(['left', 'right', 'left2', 'right2']);
  });
});
