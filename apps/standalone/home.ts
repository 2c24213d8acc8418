import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SCOPES } from '@almagest/access';
import { type Endpoint, endpointSchema } from '@almagest/contracts';

/** The directory that contains everything of a standalone archive. */
export class Home {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = resolve(directory);
  }

  get store(): string {
    return join(this.directory, 'store');
  }

  /** Staged raw data. */
  get staging(): string {
    return join(this.directory, 'staging');
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

  get linkKeys(): string {
    return join(this.directory, 'link-keys');
  }

  private get endpointFile(): string {
    return join(this.directory, 'endpoint.json');
  }

  /**
   * Creates the directory, and at the first start a service token with every scope and a key for mail links.
   * @returns `tokenIsNew`: true when the token was created now
   */
  async prepare(): Promise<{ tokenIsNew: boolean }> {
    await mkdir(this.directory, { recursive: true });
    await createSecret(this.linkKeys, `# id key; the first one signs\nk1 ${secret()}\n`);
    const line = `standalone ${SCOPES.join(',')} ${secret()}`;
    return { tokenIsNew: await createSecret(this.tokens, `# name scope[,scope] token\n${line}\n`) };
  }

  async announce(url: string): Promise<void> {
    const endpoint: Endpoint = { url, pid: process.pid, tokenFile: this.tokens };
    await writeFile(this.endpointFile, `${JSON.stringify(endpoint, null, 2)}\n`);
  }

  /** Returns the last announced endpoint of an archive on this home; null when that archive has shut down cleanly. */
  async announced(): Promise<Endpoint | null> {
    const text = await readFile(this.endpointFile, 'utf8').catch(() => null);
    return text === null ? null : endpointSchema.parse(JSON.parse(text));
  }

  async retract(): Promise<void> {
    await rm(this.endpointFile, { force: true });
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Writes a file that only its owner can read. Returns false, and writes nothing, when the file exists. */
async function createSecret(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
