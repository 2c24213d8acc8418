import { text } from 'node:stream/consumers';
import { cliConfigSchema } from '../cli.config';
import { Interruption } from '../context';
import { runProgram } from '../program';
import { MemoryTerminal } from './memory-terminal';

export interface CommandRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in this process, without a terminal; `onBegin` is called before it starts. */
export async function runCommand(
  args: readonly string[],
  onBegin: (interruption: Interruption) => void = () => undefined,
): Promise<CommandRun> {
  const { terminal, stdout, stderr } = new MemoryTerminal({ isTTY: false });
  // Read while the command writes: long output waits for its reader.
  const outputs = Promise.all([text(stdout), text(stderr)]);
  const interruption = new Interruption();
  onBegin(interruption);
  const exitCode = await runProgram({ terminal, interruption, config: cliConfigSchema.parse({}) }, args);
  stdout.end();
  stderr.end();
  const [out, error] = await outputs;
  return { exitCode, stdout: out, stderr: error };
}
