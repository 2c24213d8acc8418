import { parseUid } from '@almagest/ous';
import type { TarEntry } from '@almagest/tar';
import { AsdmTree } from './asdm-tree';

const MEMBER = '2013.1.09999.S/science_goal.uid___A001_X1_Xa1/group.uid___A001_X1_Xa2/member.uid___A001_X1_Xa3';
const ASDM = 'raw/uid___A002_X1_Xb1.asdm.sdm';

function entry(path: string, change: Partial<TarEntry> = {}): TarEntry {
  const type = path.endsWith('/') ? 'directory' : 'file';
  return {
    path: path.replace(/\/$/, ''),
    type,
    pathFlaw: null,
    size: 0,
    offset: 0,
    storedSize: 0,
    segments: null,
    mode: 0o644,
    mtime: null,
    linkPath: null,
    headerOffset: 0,
    ...change,
  };
}

function read(...entries: (string | TarEntry)[]): void {
  const tree = new AsdmTree({ executionBlock: parseUid('uid://A002/X1/Xb1'), unpacksTo: `${MEMBER}/${ASDM}` });
  for (const each of entries) tree.entry(typeof each === 'string' ? entry(each) : each);
  tree.finish();
}

/** Returns the error that rejects a tar of these entries. */
function refusal(...entries: (string | TarEntry)[]): unknown {
  try {
    read(...entries);
    return null;
  } catch (error) {
    return error;
  }
}

describe('AsdmTree', () => {
  it.each<[string, string[]]>([
    [
      'the tree of §3',
      ['2013.1.09999.S/', `${MEMBER}/`, `${MEMBER}/raw/`, `${MEMBER}/${ASDM}/`, `${MEMBER}/${ASDM}/ASDM.xml`],
    ],
    [
      'files without their directories',
      [`${MEMBER}/${ASDM}/ASDM.xml`, `${MEMBER}/${ASDM}/ASDMBinary/uid___A002_X1_X2`],
    ],
    ['nothing above raw, as older tars have it', ['raw/', `${ASDM}/`, `${ASDM}/ASDM.xml`]],
    ['a leading ./', ['./', `./${ASDM}/ASDM.xml`]],
    ['the placeholders of the document', [`2013.1.09999.S/sg_ouss_id/group_ouss_id/member_ouss_id/${ASDM}/ASDM.xml`]],
    ['a directory named raw inside the ASDM', [`${ASDM}/raw/file`]],
    ['what a system left', ['._raw', `${ASDM}/ASDM.xml`, `${ASDM}/._ASDM.xml`, 'raw/.DS_Store', `__MACOSX/._${ASDM}`]],
  ])('accepts %s', (_, paths) => {
    expect(() => read(...paths)).not.toThrow();
  });

  it.each<[string, (string | TarEntry)[]]>([
    ['nothing', []],
    ['directories alone', [`${MEMBER}/${ASDM}/`]],
    ['nothing but what a system left', [`${ASDM}/._ASDM.xml`]],
    ['a device with such a name', [`${ASDM}/ASDM.xml`, entry(`${ASDM}/._x`, { type: 'fifo' })]],
    ['another execution block', ['raw/uid___A002_X1_Xb2.asdm.sdm/ASDM.xml']],
    ['two of them', [`${ASDM}/ASDM.xml`, 'raw/uid___A002_X1_Xb2.asdm.sdm/ASDM.xml']],
    ['the tree of another member', [`${MEMBER.replace('Xa3', 'Xa4')}/${ASDM}/ASDM.xml`]],
    ['another project', [`${MEMBER.replace('09999', '00001')}/${ASDM}/ASDM.xml`]],
    ['two trees', [`${ASDM}/ASDM.xml`, `${MEMBER}/${ASDM}/Main.xml`]],
    ['a file above the ASDM', [`${MEMBER}/README`, `${MEMBER}/${ASDM}/ASDM.xml`]],
    ['a file beside it', [`${ASDM}/ASDM.xml`, 'raw/notes']],
    ['a file in its place', [ASDM]],
    ['half a tree', [`2013.1.09999.S/${ASDM}/ASDM.xml`]],
    ['a way out', [`${ASDM}/ASDM.xml`, `${ASDM}/../../../x`]],
    ['an absolute path', [`/${ASDM}/ASDM.xml`]],
    ['a link', [`${ASDM}/ASDM.xml`, entry(`${ASDM}/Main.xml`, { type: 'symlink', linkPath: '/etc/passwd' })]],
    ['a name with a control character', [entry(`${ASDM}/a\nb`, { pathFlaw: 'control-character' })]],
  ])('rejects %s', (_, entries) => {
    expect(refusal(...entries)).toMatchObject({ code: 'raw.wrong-tree', retryable: false });
  });

  it('reports what it found in printable ASCII', () => {
    expect(refusal('raw/\u001b[31m/x')).toMatchObject({ found: '"raw/?[31m/x"' });
  });
});
