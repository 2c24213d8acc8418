import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CACHE } from './server-process.mjs';

const run = promisify(execFile);
/** The environments by name: the codecs' reference, and the clients of astronomers. A new version needs a new folder. */
const ENVIRONMENTS = {
  astropy: { folder: 'python-astropy-1', packages: ['astropy>=6,<8', 'numpy>=1.26,<3'] },
  clients: {
    folder: 'python-clients-3',
    packages: ['pyvo==1.9.1', 'astroquery==0.4.11', 'regions==0.12', 'mocpy==0.21.0'],
  },
  cutouts: {
    folder: 'python-cutouts-1',
    packages: ['astropy>=6,<8', 'numpy>=1.26,<3', 'spectral-cube==0.6.7', 'pyvo==1.9.1'],
  },
  // Their tables, and Parquet as the programs of most people write and read it.
  tables: { folder: 'python-tables-1', packages: ['pyvo==1.9.1', 'astropy>=6,<8', 'pyarrow>=18,<24', 'pandas>=2,<3'] },
  // It requires pyvo 1.2.1, which needs an astropy and a numpy of its time.
  alminer: { folder: 'python-alminer-1', packages: ['alminer==0.1.3', 'astropy<6', 'numpy<2', 'pandas<3'] },
};

/**
 * Returns the path of a Python with the packages of an environment, installed in `.cache/engines` on first use. Run as a
 * program, it prints the path.
 * @param {keyof typeof ENVIRONMENTS} name
 * @returns {Promise<string>}
 */
export async function python(name = 'astropy') {
  const { folder, packages } = ENVIRONMENTS[name];
  const venv = join(CACHE, folder);
  const interpreter = join(venv, 'bin', 'python');
  if (await exists(interpreter)) return interpreter;
  await mkdir(CACHE, { recursive: true });
  await rm(venv, { recursive: true, force: true });
  await explainFailure('python3 -m venv', run('python3', ['-m', 'venv', venv]));
  try {
    await explainFailure('pip install', run(interpreter, ['-m', 'pip', 'install', '--quiet', ...packages]));
  } catch (error) {
    // The next run would take an incomplete environment for a complete one.
    await rename(venv, `${venv}.broken-${process.pid}`);
    await rm(`${venv}.broken-${process.pid}`, { recursive: true, force: true });
    throw error;
  }
  return interpreter;
}

async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function explainFailure(step, done) {
  try {
    await done;
  } catch (cause) {
    const why = cause.code === 'ENOENT' ? 'python3 is not installed' : String(cause.stderr || cause.message).trim();
    throw new Error(`these tests need Python, and "${step}" failed: ${why}`, { cause });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    process.stdout.write(`${await python(process.argv[2])}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
