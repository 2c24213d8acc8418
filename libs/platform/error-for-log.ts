import { types } from 'node:util';

/** What the log shows of an error. */
export interface LoggedError {
  type: string;
  code?: string;
  message: string;
  stack?: string;
  cause?: unknown;
  errors?: unknown[];
}

/** Causes of causes, and errors of an AggregateError, that are shown. */
const MOST = 5;
/** Characters of a message and of a stack that are shown: a message can quote what a client sent. */
const MESSAGE_CHARACTERS = 1_000;
const STACK_CHARACTERS = 4_000;

/**
 * Returns what may be logged of an error: its type, code, message and stack, and those of its causes. Its other fields
 * contain what it was about: TypeORM's the parameters of the query, body-parser's the body. Those hold mail addresses and
 * links.
 */
export function errorForLog(error: unknown): unknown {
  return shown(error, MOST);
}

function shown(error: unknown, depth: number): unknown {
  if (!(error instanceof Error || types.isNativeError(error))) return typeof error === 'object' ? {} : error;
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  const logged: LoggedError = { type: error.name, message: error.message.slice(0, MESSAGE_CHARACTERS) };
  if (typeof code === 'string') logged.code = code;
  if (error.stack !== undefined) logged.stack = error.stack.slice(0, STACK_CHARACTERS);
  if (depth > 0 && error.cause !== undefined) logged.cause = shown(error.cause, depth - 1);
  if (depth > 0 && Array.isArray(errors)) logged.errors = errors.slice(0, MOST).map((each) => shown(each, depth - 1));
  return logged;
}
