import { registerObjectCases } from './object-cases';
import { registerReadCases } from './read-cases';
import type { MakeStore, TestStore } from './test-store';
import { registerUploadCases } from './upload-cases';

export type { MakeStore } from './test-store';

/**
 * Registers the jest tests that every adapter of ObjectStore must pass. They share one fresh, empty store; each uses a
 * prefix of its own.
 */
export function objectStoreConformance(name: string, makeStore: MakeStore): void {
  describe(`${name} as an object store`, () => {
    let made: TestStore | undefined;

    beforeAll(async () => {
      made = await makeStore();
      await made.store.verify();
    });
    afterAll(() => made?.stop());

    const place = (): TestStore => {
      if (made === undefined) throw new Error('the store was not made');
      return made;
    };
    registerObjectCases(place);
    registerReadCases(place);
    registerUploadCases(place);
  });
}
