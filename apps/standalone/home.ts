import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SCOPES } from '@almagest/platform';
import { z } from 'zod';

/** What `almagest` needs to know to talk to a standalone archive. */
export const endpointSchema = z.object({ url: z.string(), pid: z.int(), tokenFile: z.string() });
export type Endpoint = z.infer<typeof endpointSchema>;

/** The directory in which a standalone archive keeps everything. */
export class Home {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = resolve(directory);
  }

  get store(): string {
    return join(this.directory, 'store');
  }

  get mail(): string {
    return join(this.directory, 'mail');
  }

  get log(): string {
    return join(this.directory, 'almagest.log');
  }

  get tokens(): string {
    return join(this.directory, 'service-tokens');
  }

  private get endpointFile(): string {
    return join(this.directory, 'endpoint.json');
  }

  /** Makes the directory, and at the first start a service token that allows everything; true when it was made now. */
  async prepare(): Promise<{ tokenIsNew: boolean }> {
    await mkdir(this.directory, { recursive: true });
    const line = `standalone ${SCOPES.join(',')} ${randomBytes(32).toString('base64url')}`;
    try {
      await writeFile(this.tokens, `# name scope[,scope] token\n${line}\n`, { mode: 0o600, flag: 'wx' });
      return { tokenIsNew: true };
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return { tokenIsNew: false };
      throw error;
    }
  }

  async announce(url: string): Promise<void> {
    const endpoint: Endpoint = { url, pid: process.pid, tokenFile: this.tokens };
    await writeFile(this.endpointFile, `${JSON.stringify(endpoint, null, 2)}\n`);
  }

  /** Where an archive on this home was last announced; null when it has ended properly. */
  async announced(): Promise<Endpoint | null> {
    const text = await readFile(this.endpointFile, 'utf8').catch(() => null);
    return text === null ? null : endpointSchema.parse(JSON.parse(text));
  }

  async retract(): Promise<void> {
    await rm(this.endpointFile, { force: true });
  }
}
