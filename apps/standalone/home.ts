import { randomBytes } from 'node:crypto';
import { chmod, type FileHandle, link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { SCOPES } from '@almagest/access';
import { type Endpoint, endpointSchema } from '@almagest/contracts';
import { makeDirectory, PlatformError } from '@almagest/platform';
import { tryLock } from 'fs-native-extensions';

/** The directory that contains everything of a standalone archive. */
export class Home {
  readonly directory: string;
  /** Held open and locked until this process ends. */
  private lock: FileHandle | undefined;

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
   * Creates the directory if needed and takes it for this process. The system releases it when the process ends, however
   * it ends.
   * @throws PlatformError `platform.already-running`, `platform.home-unusable`
   */
  async acquire(): Promise<void> {
    try {
      // PostgreSQL runs as another user when root starts the archive, and must reach its data.
      await makeDirectory(this.directory, 0o711);
      this.lock = await open(join(this.directory, 'lock'), 'a+', 0o600);
    } catch (cause) {
      throw new PlatformError('platform.home-unusable', `cannot write ${this.directory}: ${reasonOf(cause)}`, {
        cause,
      });
    }
    if (tryLock(this.lock.fd)) return;
    const other = await this.announced();
    const process = other === null ? '' : ` (process ${other.pid}, ${other.url})`;
    const message = `an archive is already running on ${this.directory}${process}`;
    throw new PlatformError('platform.already-running', message);
  }

  /**
   * Creates the directory if needed and, at the first start, a service token with every scope and a key for mail links.
   * Closes what an older version left open to other users.
   * @returns `tokenIsNew`: true when the token was created now
   */
  async prepare(): Promise<{ tokenIsNew: boolean }> {
    await makeDirectory(this.directory, 0o711);
    for (const directory of [this.store, this.staging]) await closeToOthers(directory);
    await createSecret(this.linkKeys, `# id key; the first one signs\nk1 ${secret()}\n`);
    const line = `standalone ${SCOPES.join(',')} ${secret()}`;
    return { tokenIsNew: await createSecret(this.tokens, `# name scope[,scope] token\n${line}\n`) };
  }

  async announce(url: string): Promise<void> {
    const endpoint: Endpoint = { url, pid: process.pid, tokenFile: this.tokens };
    const draft = `${this.endpointFile}.new`;
    await writeFile(draft, `${JSON.stringify(endpoint, null, 2)}\n`);
    await rename(draft, this.endpointFile);
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

/** Writes a file that only its owner can read, whole. Returns false, and writes nothing, when the file exists. */
async function createSecret(path: string, text: string): Promise<boolean> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft);
  }
}

/** Returns the reason of a failed system call, such as `permission denied`. */
function reasonOf(cause: unknown): string {
  const { errno, code, message } = cause as NodeJS.ErrnoException;
  return getSystemErrorMap().get(errno ?? 0)?.[1] ?? code ?? message;
}

/** Takes the rights of other users to a directory away, if it exists. */
async function closeToOthers(directory: string): Promise<void> {
  const stats = await stat(directory).catch(() => null);
  if (stats !== null && (stats.mode & 0o007) !== 0) await chmod(directory, stats.mode & 0o770);
}
