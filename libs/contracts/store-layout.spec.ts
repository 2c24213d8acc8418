import { parseUid } from '@almagest/ous';
import {
  deliveryFolder,
  manifestKey,
  parseStoreKey,
  partKey,
  searchJobFolder,
  searchJobOf,
  withdrawalKey,
} from './store-layout';

const FOLDER = '2013.1.09999.S/uid___A001_X1_Xa2/uid___A001_X1_Xa3/r12';

describe('parseStoreKey', () => {
  it('parses the key of a part or manifest', () => {
    expect(parseStoreKey(`${FOLDER}/manifest.jsonl`)).toEqual({
      folder: FOLDER,
      project: '2013.1.09999.S',
      group: 'uid://A001/X1/Xa2',
      ous: 'uid://A001/X1/Xa3',
      revision: 12,
      name: 'manifest.jsonl',
    });
  });

  it('parses the keys that the archive makes', () => {
    const of = { project: '2013.1.09999.S', group: parseUid('uid://A001/X1/Xa2'), ous: parseUid('uid://A001/X1/Xa3') };
    const folder = deliveryFolder({ ...of, revision: 1 });
    const keys = [partKey(folder, 'x.tar'), manifestKey(folder), withdrawalKey(folder)];
    const names = ['x.tar', 'manifest.jsonl', 'withdrawn.json'];
    expect(keys.map(parseStoreKey)).toEqual(names.map((name) => ({ ...of, folder, revision: 1, name })));
  });

  it.each([
    'junk.bin',
    '2013.1.09999.S/notes.txt',
    `${FOLDER}`,
    `${FOLDER}/deeper/part.tar`,
    FOLDER.replace('2013.1.09999.S', 'project') + '/part.tar',
    FOLDER.replace('r12', 'r0') + '/part.tar',
    FOLDER.replace('r12', 'r012') + '/part.tar',
    FOLDER.replace('r12', '12') + '/part.tar',
    FOLDER.replace('Xa3', 'Xa3x') + '/part.tar',
    FOLDER.replace('Xa3', 'XA3') + '/part.tar',
  ])('returns null for %s, which the archive never makes', (key) => {
    expect(parseStoreKey(key)).toBeNull();
  });
});

describe('searchJobOf', () => {
  const id = '0b5e9c1e-6a52-4d0a-9a6f-0d6c2f5a7c11';

  it('finds the job of an object, and no job in any other key', () => {
    expect(searchJobOf(`${searchJobFolder(id)}/result-1`)).toBe(id);
    const others = [`search/jobs/${id}`, `search/jobs/${id}/a/b`, 'search/jobs/notes/result-1', `${FOLDER}/part.tar`];
    expect(others.map(searchJobOf)).toEqual([null, null, null, null]);
  });
});
