import { databaseRefusal } from './database-away';

const coded = (code: string): Error => Object.assign(new Error('failed'), { code });

it.each(['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', '08006', '57P01', '57P02', '57P03', '53200', '53300'])(
  'recognises a database that is away by %s',
  (code) => {
    expect(databaseRefusal(coded(code))).toMatchObject({ kind: 'unavailable', code: 'platform.database-unavailable' });
  },
);

it.each([
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
  'Query read timeout',
])('recognises a lost connection by the message %j of pg', (message) => {
  expect(databaseRefusal(new Error(message))).toMatchObject({ code: 'platform.database-unavailable' });
});

it('recognises a database whose disk is full', () => {
  expect(databaseRefusal(coded('53100'))).toMatchObject({ kind: 'no-room', code: 'platform.database-full' });
});

it.each(['23505', '22021', '57014', 'ENOSPC'])('takes %s for a fault of the request or of the archive', (code) => {
  expect(databaseRefusal(coded(code))).toBeNull();
});
