import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Callers } from './callers';
import { DataRegister } from './data-register';
import { dataOf, Right } from './right';
import { RightGuard } from './right.guard';

const KNOWN = {
  project: '2013.1.09999.S',
  ous: 'uid://A001/X1/Xa3',
  delivery: null,
  releaseDate: null,
  withdrawn: null,
};
const OTHER_PROJECT = { id: 'person:eve', scopes: [], projects: ['2015.1.00001.S'], link: null };

class Routes {
  @Right(dataOf('raw-request', 'id'))
  status(): void {}
}

/** A request by id: looking up the known one takes longer than looking up one that does not exist. */
function context(id: string): ExecutionContext {
  const response = { setHeader: () => undefined };
  return {
    getType: () => 'http',
    getHandler: () => Reflect.get(Routes.prototype, 'status') as unknown,
    getClass: () => Routes,
    switchToHttp: () => ({ getRequest: () => ({ params: { id } }), getResponse: () => response }),
  } as unknown as ExecutionContext;
}

describe('a refusal does not tell by its time what exists', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each([
    ['without a token', null],
    ['with a token for another project', OTHER_PROJECT],
  ])('%s', async (_title, caller) => {
    const register = new DataRegister();
    register.add('raw-request', async (id) => {
      await new Promise((resolve) => setTimeout(resolve, id === 'known' ? 15 : 6));
      return id === 'known' ? KNOWN : null;
    });
    const guard = new RightGuard(new Reflector(), { identify: async () => caller } as unknown as Callers, register);
    /** Returns the milliseconds until the refusal, and the refusal. */
    const refusal = async (id: string): Promise<[number, string]> => {
      const began = performance.now();
      const refused = guard.canActivate(context(id)).then(
        () => [performance.now() - began, 'allowed'] satisfies [number, string],
        (error: Error) => [performance.now() - began, error.message] satisfies [number, string],
      );
      await jest.advanceTimersByTimeAsync(1_000);
      return refused;
    };
    expect(await refusal('known')).toEqual(await refusal('unknown'));
  });
});

describe('the link of a delivery that serves several MemberOUSs', () => {
  const [FIRST, SECOND, THIRD] = ['uid://A001/X1/Xa3', 'uid://A001/X1/Xa4', 'uid://A001/X1/Xa5'];
  const caller = { id: 'link:1', scopes: [], projects: [], link: { id: '1', delivery: 'several' } };

  it.each([
    [FIRST, true],
    [SECOND, true],
    [THIRD, false],
  ])('gives access to the raw data of %s: %s', async (ous, expected) => {
    const register = new DataRegister();
    register.add('delivery', async () => ({ ...KNOWN, ous: FIRST, alsoServes: [SECOND], delivery: 'several' }));
    expect(await register.belongsTo(caller, { ...KNOWN, ous })).toBe(expected);
  });
});
