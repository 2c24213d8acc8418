/** A promise to wait at until somebody opens it. */
export class Gate {
  private resolve: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.resolve = resolve));

  open(): void {
    this.resolve();
  }
}

const LOOK_EVERY_MS = 10;
/** Generous: it only ends tests that would never end. */
const LONGEST_MS = 45_000;

/** Resolves once the condition holds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
