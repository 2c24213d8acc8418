/** A running broker. See `start-kafka.mjs`. */
export interface RunningKafka {
  readonly brokers: string;
  readonly secured?: { readonly brokers: string; readonly ca: string };
  readonly proxied: readonly { readonly broker: number; readonly client: number }[];
  pid(): number;
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export declare const USER: { username: string; password: string };

export declare function startKafka(options?: { secured?: boolean; proxied?: number }): Promise<RunningKafka>;
