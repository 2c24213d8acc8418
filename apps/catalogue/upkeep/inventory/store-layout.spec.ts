import { deliveryFolder } from '@almagest/contracts';
import { parseUid } from '@almagest/ous';
import { placeOf } from './store-layout';

const FOLDER = '2013.1.09999.S/uid___A001_X1_Xa2/uid___A001_X1_Xa3/r12';

describe('placeOf', () => {
  it('reads the key of a part or manifest', () => {
    expect(placeOf(`${FOLDER}/manifest.jsonl`)).toEqual({
      folder: FOLDER,
      project: '2013.1.09999.S',
      group: 'uid://A001/X1/Xa2',
      ous: 'uid://A001/X1/Xa3',
      revision: 12,
      name: 'manifest.jsonl',
    });
  });

  it('reads what ingest writes', () => {
    const of = { project: '2013.1.09999.S', group: parseUid('uid://A001/X1/Xa2'), ous: parseUid('uid://A001/X1/Xa3') };
    expect(placeOf(`${deliveryFolder({ ...of, revision: 1 })}/x.tar`)).toMatchObject({
      ...of,
      revision: 1,
      name: 'x.tar',
    });
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
  ])('knows that ingest never writes %s', (key) => {
    expect(placeOf(key)).toBeNull();
  });
});
