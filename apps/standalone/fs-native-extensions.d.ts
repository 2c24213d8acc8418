/** The package has no types of its own. */
declare module 'fs-native-extensions' {
  /** Locks a whole file for this process (fcntl(2) or flock(2)). Returns false when another process holds the lock. */
  export function tryLock(fd: number): boolean;
}
