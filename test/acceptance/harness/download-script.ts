import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The exit of a script and its output. */
export interface ScriptEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
}

/** A download script in a separate directory, as saved by a user. */
export class DownloadScript {
  private constructor(
    readonly directory: string,
    private readonly shell: string,
    private readonly token: string,
  ) {}

  static async save(directory: string, script: string, token: string, shell = 'sh'): Promise<DownloadScript> {
    await writeFile(join(directory, 'download.sh'), script);
    return new DownloadScript(directory, shell, token);
  }

  /** Runs it to its end. */
  async run(): Promise<ScriptEnd> {
    return this.start().ended;
  }

  /** Starts it in a separate process group, so that the whole group can be killed. */
  start(): { kill: () => void; ended: Promise<ScriptEnd> } {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(this.shell, ['download.sh'], {
      cwd: this.directory,
      env: { PATH, HOME, ...(this.token === '' ? {} : { ALMAGEST_TOKEN: this.token }) },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      output,
    }));
    return { kill: () => void process.kill(-(child.pid ?? 0), 'SIGKILL'), ended };
  }
}
