import type { EntityManager } from 'typeorm';

/**
 * Makes every other transaction that locks one of these names wait until this one ends. The names are locked in their
 * order as text, so that no two transactions can wait for each other.
 */
export async function lockUntilCommit(manager: EntityManager, names: readonly string[]): Promise<void> {
  for (const name of [...new Set(names)].sort()) {
    await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [name]);
  }
}
