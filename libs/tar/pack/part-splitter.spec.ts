import { PartSplitter } from './part-splitter';
import type { TreeEntry } from './planned-entry';

const DIRECTORY: TreeEntry = { path: 'p', type: 'directory', size: 0, mode: 0o755, mtimeNs: 0n };
const file = (index: number, size: number): TreeEntry => ({ ...DIRECTORY, path: `p/${index}`, type: 'file', size });

describe('PartSplitter', () => {
  it('refuses more files and directories than allowed', () => {
    const splitter = new PartSplitter(1_000_000, 3);
    splitter.add([DIRECTORY, file(1, 0)]);
    splitter.add([DIRECTORY, file(2, 0)]);
    expect(() => splitter.add([DIRECTORY, file(3, 0)])).toThrow(
      expect.objectContaining({ code: 'tar.too-many-entries' }) as Error,
    );
  });

  it('refuses to make more parts than four digits can name', () => {
    const splitter = new PartSplitter(10_240, 1_000_000);
    for (let i = 0; i < 9999; i++) splitter.add([DIRECTORY, file(i, 10_000)]);
    expect(splitter.finish()).toHaveLength(9999);
    expect(() => splitter.add([DIRECTORY, file(9999, 10_000)])).toThrow(
      expect.objectContaining({ code: 'tar.plan-invalid' }) as Error,
    );
  });
});
