import { differences, fingerprint } from './content';

describe('differences', () => {
  it('returns each place with both values', () => {
    const recorded = { name: 'A', list: [1, { 'a/b': null }], only: { deep: true }, same: [1] };
    const posted = { name: 'B', list: [1, { 'a/b': 2 }, 3], same: [1] };
    expect(differences(recorded, posted)).toEqual([
      { pointer: '/name', recorded: 'A', posted: 'B' },
      { pointer: '/list/1/a~1b', recorded: null, posted: 2 },
      { pointer: '/list/2', recorded: undefined, posted: 3 },
      { pointer: '/only', recorded: { deep: true }, posted: undefined },
    ]);
  });

  it('returns nothing for documents with the same fingerprint', () => {
    const [one, other] = [
      { a: 1, b: [2] },
      { b: [2], a: 1, c: undefined },
    ];
    expect([fingerprint(one) === fingerprint(other), differences(one, other)]).toEqual([true, []]);
  });
});
