import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeliveryLinks } from './delivery-links';
import { ServiceTokens } from './service-tokens';

describe('a file of tokens or keys', () => {
  let folder: string;
  let warnings: [object, string][];
  const log = { warn: (details: object, message: string) => void warnings.push([details, message]) };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'almagest-secrets-'));
    warnings = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (mode: number, text: string): string => {
    const path = join(folder, 'secrets');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const TOKENS = `pipeline qa2:submit ${'t'.repeat(20)}\n`;
  const KEYS = `k1 ${'k'.repeat(32)}\n`;

  it.each([0o644, 0o604, 0o606, 0o666])('with mode %o is read, with one warning', (mode) => {
    const path = file(mode, TOKENS);
    for (const _ of [1, 2]) expect(ServiceTokens.fromFile(path, log).callerOf('t'.repeat(20))).not.toBeNull();
    expect(warnings).toEqual([
      [{ path, mode: `0${mode.toString(8)}` }, expect.stringContaining('may read the service tokens')],
    ]);
    // The warning does not quote it.
    expect(JSON.stringify(warnings)).not.toContain('tttt');
  });

  it('of keys gives the same warning', () => {
    DeliveryLinks.fromFile(file(0o644, KEYS), log);
    expect(warnings).toEqual([[expect.anything(), expect.stringContaining('may read the link keys')]]);
  });

  it.each([0o600, 0o640, 0o400, 0o440])('with mode %o gives no warning', (mode) => {
    ServiceTokens.fromFile(file(mode, TOKENS), log);
    DeliveryLinks.fromFile(file(mode === 0o400 || mode === 0o440 ? 0o600 : mode, KEYS), log);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['only comments', '# name scope token\n\n'],
  ])('with %s is refused', (_title, text) => {
    const path = file(0o600, text);
    expect(() => ServiceTokens.fromFile(path, log)).toThrow(`${path} contains no token`);
    expect(() => DeliveryLinks.fromFile(path, log)).toThrow(`${path} contains no key`);
  });

  it('that is missing is refused', () => {
    const path = join(folder, 'missing');
    expect(() => ServiceTokens.fromFile(path, log)).toThrow(`cannot read the service tokens in ${path}`);
    expect(() => DeliveryLinks.fromFile(path, log)).toThrow(`cannot read the link keys in ${path}`);
  });
});
