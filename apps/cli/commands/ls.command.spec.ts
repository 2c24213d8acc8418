import { targetOf } from './ls.command';

describe('targetOf', () => {
  it.each([
    [undefined, { kind: 'projects' }],
    ['2013.1.09999.S', { kind: 'project', code: '2013.1.09999.S' }],
    ['2012.A.00001.CSV', { kind: 'project', code: '2012.A.00001.CSV' }],
    ['uid://A001/X1/Xa3', { kind: 'ous', uid: 'uid://A001/X1/Xa3' }],
    ['uid___A001_X1_Xa3', { kind: 'ous', uid: 'uid://A001/X1/Xa3' }],
    ['5F0C', { kind: 'delivery', id: '5f0c' }],
    ['5f0c1234-1111-4222-8333-444455556666', { kind: 'delivery', id: '5f0c1234-1111-4222-8333-444455556666' }],
  ])('%s', (what, target) => {
    expect(targetOf(what)).toEqual(target);
  });

  it.each(['5f0', 'foo', '2013.1.9.S', 'uid://A001/X1/XA3', 'uid___A001_X1', '../..', ''])('rejects %j', (what) => {
    expect(() => targetOf(what)).toThrow(expect.objectContaining({ code: 'cli.usage', exitCode: 2 }) as Error);
  });
});
