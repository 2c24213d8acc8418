import { inSpan, SpanKind } from '@almagest/platform';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { z } from 'zod';
import { type JobContext, LeasedWorker, type LeasedWorkerOptions, type Task } from './leased-worker';

/** The payload of a job: the id of what it works on, and the span that queued it. */
export const jobSchema = z.object({ id: z.uuid(), traceparent: z.string() });

/** Runs the jobs of a service in this process, under a lease. */
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly handled: { concurrency: number; tasks: Record<string, Task> }[] = [];
  private workers: LeasedWorker[] = [];

  constructor(
    private readonly options: Pick<LeasedWorkerOptions, 'databaseUrl' | 'pool' | 'logger' | 'maximumRetryInterval'>,
  ) {}

  /**
   * Registers tasks, of which `concurrency` run at the same time. Services call it in `onModuleInit`; the jobs run from
   * bootstrap until shutdown.
   */
  handle(concurrency: number, tasks: Record<string, Task>): void {
    this.handled.push({ concurrency, tasks });
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const handled of this.handled) {
      this.workers.push(await LeasedWorker.start({ ...this.options, ...handled }));
    }
  }

  /** Finishes the running jobs or gives them back to the queue. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }
}

/**
 * Returns a task for payloads of a schema. It runs in a span below the one that queued the job, and so do its log lines
 * and events.
 * @param name of the span
 */
export function taskOf<Job extends z.infer<typeof jobSchema>>(
  name: string,
  schema: z.ZodType<Job>,
  work: (job: Job, context: JobContext) => Promise<void>,
): Task {
  return (payload, context) => {
    const job = schema.parse(payload);
    const about = { name, kind: SpanKind.INTERNAL, attributes: { 'almagest.id': job.id } };
    return inSpan(about, { traceparent: job.traceparent, job: job.id }, () => work(job, context));
  };
}
