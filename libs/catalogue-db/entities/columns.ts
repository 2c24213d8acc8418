import type { ColumnOptions } from 'typeorm';

/** A number of bytes: PostgreSQL's bigint, a safe integer here (a part is far below 2^53). */
export const BYTES: ColumnOptions = {
  type: 'bigint',
  transformer: {
    to: (value: number) => value,
    from: (value: string | null) => (value === null ? null : Number(value)),
  },
};
