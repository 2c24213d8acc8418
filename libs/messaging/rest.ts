/**
 * Waiting that can be cut short. A wake-up that finds nobody waiting ends the next wait at once: what is announced
 * between a look and the wait after it is not slept through.
 */
export class Rest {
  private woken = false;
  private end: () => void = () => undefined;

  wake(): void {
    this.woken = true;
    this.end();
  }

  async upTo(ms: number): Promise<void> {
    if (!this.woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.woken = false;
  }
}
