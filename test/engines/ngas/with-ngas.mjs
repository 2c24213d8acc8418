import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startNgas } from './start-ngas.mjs';

// Runs a command while a real NGAS server is up, with its address in TEST_NGAS_SERVER.
const source = process.env.TEST_NGAS_SOURCE;
if (!source) throw new Error('set TEST_NGAS_SOURCE to a checkout of the sources of NGAS (ICRAR/ngas)');
const ngas = await startNgas(source);
try {
  const [command, ...args] = process.argv.slice(2);
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, TEST_NGAS_SERVER: ngas.server } });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await ngas.stop();
}
