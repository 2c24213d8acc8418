import { codeOf } from './system-error';

/** Is there a process of this number? */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, but another user's.
    return codeOf(error) === 'EPERM';
  }
}
