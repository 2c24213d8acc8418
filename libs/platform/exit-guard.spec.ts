import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';

/** Runs a program in a process of its own; `failIfIdle` is in scope. */
function run(program: string): { status: number | null; stderr: string } {
  const { code } = transformFileSync(join(__dirname, 'exit-guard.ts'), {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  const { status, stderr } = spawnSync(process.execPath, ['--eval', `${code}\n${program}`], { encoding: 'utf8' });
  return { status, stderr };
}

const GUARD = "const release = failIfIdle('ended without a result', 70);";
const MAIN = (body: string): string => `async function main() { ${body} }
main().then(() => { release(); process.exitCode = 0; });`;

describe('a process with an exit guard', () => {
  it('fails when its main function never settles', () => {
    expect(run(GUARD + MAIN('await new Promise(() => undefined);'))).toEqual({
      status: 70,
      stderr: 'ended without a result\n',
    });
  });

  it('ends with 0 without the guard, which is why the guard exists', () => {
    expect(run(`const release = () => undefined; ${MAIN('await new Promise(() => undefined);')}`)).toEqual({
      status: 0,
      stderr: '',
    });
  });

  it('ends with its result when its main function settles', () => {
    expect(run(GUARD + MAIN('await 1;'))).toEqual({ status: 0, stderr: '' });
  });

  it('ends with the code that it gives itself', () => {
    expect(run(`${GUARD} process.exit(0);`)).toEqual({ status: 0, stderr: '' });
  });
});
