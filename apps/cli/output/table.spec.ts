import { table, tree } from './table';

describe('table', () => {
  it('makes columns as wide as their widest cell', () => {
    expect(
      table(
        [{ title: 'NAME' }, { title: 'SIZE', align: 'right' }, { title: 'STATE' }],
        [
          ['天文学者', '5', 'sent'],
          ['a', '1200', 'pending'],
        ],
      ),
    ).toEqual(['NAME      SIZE  STATE', '天文学者     5  sent', 'a         1200  pending']);
  });

  it('prints the titles of an empty table', () => {
    expect(table([{ title: 'ID' }, { title: 'STATE' }], [])).toEqual(['ID  STATE']);
  });

  it('ignores colour sequences in widths', () => {
    const [, coloured = ''] = table([{ title: 'STATE' }, { title: 'X' }], [['\u001b[32mok\u001b[39m', 'y']]);
    expect(coloured).toBe('\u001b[32mok\u001b[39m     y');
  });
});

describe('tree', () => {
  it('draws branches as the document draws directories', () => {
    const leaf = (text: string): { text: string; below: [] } => ({ text, below: [] });
    expect(tree({ text: 'root', below: [{ text: 'a', below: [leaf('b'), leaf('c')] }, leaf('d')] })).toEqual([
      'root',
      '|-- a',
      '|   |-- b',
      '|   `-- c',
      '`-- d',
    ]);
  });
});
