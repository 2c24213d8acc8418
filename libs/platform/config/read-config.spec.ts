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

  it('reads variables and defaults; an empty variable is an unset one', () => {
    process.env['COUNT'] = '';
    expect(readConfig(schema)).toEqual({ NAME: 'name', PASSWORD: '', COUNT: 3 });
  });

  it('reads a secret from the file that <NAME>_FILE names, without the end of its line', () => {
    process.env['PASSWORD_FILE'] = secret;
    expect(readConfig(schema).PASSWORD).toBe('from a file');
  });

  it('takes no other variable from a file', () => {
    delete process.env['NAME'];
    process.env['NAME_FILE'] = secret;
    expect(() => readConfig(schema)).toThrow(/^ {2}NAME: /m);
  });

  it('names everything that is wrong at once', () => {
    process.env['PASSWORD_FILE'] = join(directory, 'missing');
    process.env['COUNT'] = 'many';
    delete process.env['NAME'];
    expect(() => readConfig(schema)).toThrow(
      /^The configuration cannot be used:\n {2}PASSWORD: cannot read PASSWORD_FILE, .*missing \(ENOENT\)\n {2}NAME: .*\n {2}COUNT: /,
    );
  });

  it('does not guess between a variable and its file', () => {
    process.env['PASSWORD'] = 'here';
    process.env['PASSWORD_FILE'] = secret;
    expect(() => readConfig(schema)).toThrow('PASSWORD: give either PASSWORD or PASSWORD_FILE, not both');
  });

  it('lets what is fixed go before the environment', () => {
    process.env['PASSWORD_FILE'] = secret;
    expect(readConfig(schema, { PASSWORD: 'fixed' }).PASSWORD).toBe('fixed');
  });
});
