import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from './read-config';

const schema = z.object({
  NAME: z.string().min(1),
  PASSWORD: z.string().default('').meta({ secret: true }),
  COUNT: z.coerce.number().default(3),
});

describe('readConfig', () => {
  const before = { ...process.env };
  let directory: string;
  let secret: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'almagest-config-'));
    secret = join(directory, 'secret');
    writeFileSync(secret, 'from a file\n');
    process.env['NAME'] = 'name';
  });
  afterEach(() => {
    process.env = { ...before };
    rmSync(directory, { recursive: true });
  });

  it('reads variables and defaults, and treats an empty variable as unset', () => {
    process.env['COUNT'] = '';
    expect(readConfig(schema)).toEqual({ NAME: 'name', PASSWORD: '', COUNT: 3 });
  });

  it('reads a secret from the file that <NAME>_FILE names, without the trailing newline', () => {
    process.env['PASSWORD_FILE'] = secret;
    expect(readConfig(schema).PASSWORD).toBe('from a file');
  });

  it('reads no other variable from a file', () => {
    delete process.env['NAME'];
    process.env['NAME_FILE'] = secret;
    expect(() => readConfig(schema)).toThrow(/^ {2}NAME: /m);
  });

  it('reports every fault at once', () => {
    process.env['PASSWORD_FILE'] = join(directory, 'missing');
    process.env['COUNT'] = 'many';
    delete process.env['NAME'];
    expect(() => readConfig(schema)).toThrow(
      /^Invalid configuration:\n {2}PASSWORD: cannot read PASSWORD_FILE, .*missing \(ENOENT\)\n {2}NAME: is missing\n {2}COUNT: expected a number, found "many"$/,
    );
  });

  it('refuses both a variable and its file', () => {
    process.env['PASSWORD'] = 'here';
    process.env['PASSWORD_FILE'] = secret;
    expect(() => readConfig(schema)).toThrow('PASSWORD: give either PASSWORD or PASSWORD_FILE, not both');
  });

  it('prefers fixed values to the environment', () => {
    process.env['PASSWORD_FILE'] = secret;
    expect(readConfig(schema, { PASSWORD: 'fixed' }).PASSWORD).toBe('fixed');
  });
});
