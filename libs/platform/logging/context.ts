import { AsyncLocalStorage } from 'node:async_hooks';

/** What is bound once per message or request and stands in every line logged while it is handled. */
export interface LogContext {
  /** W3C trace context, carried from the POST to the mail. */
  traceparent: string;
  eventId?: string;
  ous?: string;
  /** What the job in hand is about: the id of a delivery, a mail, a staged ASDM, a run of upkeep. */
  job?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `work` with a context; all it logs and all events it emits bear it. */
export function withContext<T>(context: LogContext, work: () => T): T {
  return storage.run(context, work);
}

/** The context of the message or request in hand, if any. */
export function currentContext(): LogContext | undefined {
  return storage.getStore();
}
