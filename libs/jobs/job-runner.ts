import { inSpan, SpanKind } from '@almagest/platform';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { z } from 'zod';
import { type JobContext, LeasedWorker, type LeasedWorkerOptions, type Task } from './leased-worker';

/** The payload of a job: what it is about, and the span that queued it. */
export const jobSchema = z.object({ id: z.uuid(), traceparent: z.string() });

/** Runs the jobs of a service in this process, under a lease. */
export class JobRunner implements BeforeApplicationShutdown {
  private readonly workers: LeasedWorker[] = [];

  constructor(
    private readonly on: Pick<LeasedWorkerOptions, 'databaseUrl' | 'pool' | 'logger' | 'maximumRetryInterval'>,
  ) {}

  /** Runs jobs of these tasks, so many at a time, until the service shuts down. */
  async start(concurrency: number, tasks: Record<string, Task>): Promise<void> {
    this.workers.push(await LeasedWorker.start({ ...this.on, concurrency, tasks }));
  }

  /** Finishes or gives back what is running. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }
}

/**
 * A task for payloads of a schema. It runs in a span below the one that queued the job, and what it logs and emits is
 * below its own.
 * @param name what the span is called
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
