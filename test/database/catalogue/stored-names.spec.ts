import { randomUUID } from 'node:crypto';
import { type Caller, DataRegister } from '@almagest/access';
import { DataSubjects, StoredNames } from '@almagest/catalogue-db';
import { TestDatabase } from '../../harness/test-database';
import { addDelivery } from './add-delivery';

const [A, B, C] = ['uid://A001/X1/Xa3', 'uid://A001/X1/Xa4', 'uid://A001/X1/Xa5'];
const NOBODY: Caller = { id: 'person:eve', scopes: [], projects: [], link: null };
const SERVICE: Caller = { ...NOBODY, scopes: ['archive:read'] };
const PROJECT = '2019.1.00002.S';
const filesAt = (...paths: string[]): { path: string }[] => paths.map((path) => ({ path }));

describe('the names of stored files', () => {
  let db: TestDatabase;
  let names: StoredNames;
  let register: DataRegister;
  let released: string;
  let proprietary: string;

  beforeAll(async () => {
    db = await TestDatabase.create();
    const source = await db.open('catalogue');
    names = new StoredNames(source);
    register = new DataRegister();
    new DataSubjects(source).addTo(register);
    const own = filesAt('a/README', 'a/own.fits', 'a/x/twice.txt', 'a/y/twice.txt');
    released = await addDelivery(db, { ous: A, revision: 2, parts: { 'p.tar': own } });
    const secret = filesAt('b/README', 'b/secret.fits', 'b/own.fits');
    proprietary = await addDelivery(db, { ous: B, project: PROJECT, releaseDate: null, parts: { 'p.tar': secret } });
    await addDelivery(db, { ous: A, state: 'replaced', parts: { 'p.tar': filesAt('a/old.fits') } });
    await addDelivery(db, { ous: C, state: 'withdrawn', parts: { 'p.tar': filesAt('c/wrong.fits') } });
  });
  afterAll(() => db.drop());

  const linkTo = (delivery: string): Caller => ({ ...NOBODY, link: { id: randomUUID(), delivery } });

  it.each<[string, () => Caller | null, boolean]>([
    ['everybody', () => null, false],
    ['somebody else', () => NOBODY, false],
    ['a person of the project', () => ({ ...NOBODY, projects: [PROJECT] }), true],
    ['a link to the delivery', () => linkTo(proprietary), true],
    ['a link to another delivery', () => linkTo(released), false],
    ['a service', () => SERVICE, true],
  ])('mean proprietary files only to their readers: %s', async (_who, readerOf, isFound) => {
    const reader = readerOf();
    const found = await names.find('secret.fits', reader, 10);
    expect(found.map(({ path }) => path)).toEqual(isFound ? ['b/secret.fits'] : []);
    const subjects = await register.candidates('name', 'secret.fits', reader);
    const readable = subjects.map((subject) => register.isReadable(reader, subject));
    expect(await Promise.all(readable)).toEqual(isFound ? [true] : []);
  });

  it('mean neither replaced nor withdrawn files, and parts to everybody', async () => {
    expect(await names.find('old.fits', SERVICE, 10)).toEqual([]);
    expect(await names.find('wrong.fits', SERVICE, 10)).toEqual([]);
    const parts = await names.find('p.tar', null, 10);
    expect(parts.map(({ deliveryId }) => deliveryId).sort()).toEqual([released, proprietary].sort());
  });

  it('are listed with whether they mean one file to the reader', async () => {
    const unique = async (reader: Caller | null): Promise<Record<string, boolean>> => {
      const listed = await names.files(released, { part: 'p.tar' }, reader, '', 10);
      return Object.fromEntries(listed.map(({ path, isUnique }) => [path ?? '', isUnique]));
    };
    const toEverybody = { 'a/README': true, 'a/own.fits': true, 'a/x/twice.txt': false, 'a/y/twice.txt': false };
    expect(await unique(null)).toEqual(toEverybody);
    expect(await unique(SERVICE)).toEqual({ ...toEverybody, 'a/README': false, 'a/own.fits': false });
    expect((await names.find('a/x/twice.txt', null, 10)).map(({ path }) => path)).toEqual(['a/x/twice.txt']);
    const page = await names.files(released, { part: 'p.tar' }, null, 'a/own.fits', 1);
    expect(page.map(({ path }) => path)).toEqual(['a/x/twice.txt']);
  });
});
