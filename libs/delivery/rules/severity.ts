/** `reject` refuses the delivery; `warn` is to be looked at; `note` is only told. */
export type Severity = 'reject' | 'warn' | 'note';
export const SEVERITIES: readonly Severity[] = ['reject', 'warn', 'note'];
