/** Keeps up the membership of a consumer group while a batch is handled, however long a message takes. */
export class Pulse {
  private readonly timer: NodeJS.Timeout;
  private failed: { error: unknown } | undefined;

  /** @param beat sends a heartbeat when it is time for one; rejects when the group wants its members to join anew */
  constructor(beat: () => Promise<void>, everyMs: number) {
    this.timer = setInterval(() => {
      beat().catch((error: unknown) => {
        this.failed ??= { error };
      });
    }, everyMs);
  }

  /** Whether the group is to be joined anew: what is in hand is finished, nothing else is begun. */
  get isLost(): boolean {
    return this.failed !== undefined;
  }

  /** @throws what the group answered, when it is to be joined anew */
  end(): void {
    clearInterval(this.timer);
    if (this.failed !== undefined) throw this.failed.error;
  }
}
