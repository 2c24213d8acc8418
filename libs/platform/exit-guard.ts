/**
 * Makes this process fail if it runs out of work. Node ends with 0 as soon as nothing is left to wait for, even while
 * `main` awaits a promise that never settles: a hang would look like success. `process.exit` is not affected.
 * @param message for standard error
 * @returns a function that removes the guard: call it when the process has its result
 */
export function failIfIdle(message: string, exitCode: number): () => void {
  const fail = (): void => {
    process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
  };
  process.once('beforeExit', fail);
  return () => process.off('beforeExit', fail);
}
