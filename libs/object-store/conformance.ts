import { registerObjectCases } from './conformance/object-cases';
import { registerReadCases } from './conformance/read-cases';
import type { MakeStore, TestStore } from './conformance/test-store';
import { registerUploadCases } from './conformance/upload-cases';

export type { MakeStore } from './conformance/test-store';

/**
 * Registers the jest tests that every adapter of ObjectStore must pass. They share one fresh, empty store, and each
 * works below a prefix of its own.
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
