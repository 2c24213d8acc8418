// Installs CASA from PyPI into an ignored folder (once), writes a `casa` command there, and prints its directory.
// CASA's wheels need certain versions of Python: 3.12 for 6.7.5, 3.11 for 6.7.0. Both calibrate the sample.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const VERSIONS = { 3.12: '6.7.5.18', 3.11: '6.7.0.31' };
const DATA = '2025.9.22';

const cache = resolve(import.meta.dirname, '../../../.cache/casa-test');
const bin = join(cache, 'bin');
if (!existsSync(join(bin, 'casa'))) install();
console.log(bin);

function install() {
  const [python, version] = pythonAndVersion();
  const venv = join(cache, 'venv');
  const inside = join(venv, 'bin/python');
  execFileSync(python, ['-m', 'venv', venv]);
  const tools = ['casatools', 'casatasks', 'casashell'].map((name) => `${name}==${version}`);
  const packages = [...tools, `casadata==${DATA}`, 'six', 'astropy'];
  execFileSync(inside, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: ['ignore', 2, 2] });
  const data = execFileSync(inside, ['-c', 'import casadata; print(casadata.datapath)']).toString().trim();
  const settings = ['measures_auto_update = False', 'data_auto_update = False'];
  mkdirSync(join(cache, 'home/.casa'), { recursive: true });
  writeFileSync(
    join(cache, 'home/.casa/config.py'),
    [`datapath = ['${data}']`, `measurespath = '${data}'`, ...settings, ''].join('\n'),
  );
  mkdirSync(bin, { recursive: true });
  const command = `HOME='${join(cache, 'home')}' exec '${inside}' -m casashell --nogui --nologger --agg "$@"`;
  writeFileSync(join(bin, 'casa'), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
}

function pythonAndVersion() {
  for (const [number, version] of Object.entries(VERSIONS).sort().reverse()) {
    try {
      execFileSync(`python${number}`, ['--version'], { stdio: 'ignore' });
      return [`python${number}`, version];
    } catch {
      continue;
    }
  }
  throw new Error(`CASA needs one of Python ${Object.keys(VERSIONS).join(', ')}`);
}
