import { basename } from 'node:path';
import type { ArchiveClient } from '@almagest/archive-client';
import { ousOf, type Qa2Result, type Qa2Status } from '@almagest/contracts';
import { count, humanSize } from '@almagest/text';
import { Command } from 'commander';
import { suggestion } from '../archive/suggestion';
import { CliError, isCliError, toCliError } from '../cli.error';
import type { CliContext } from '../context';
import { exitCodeOf } from '../exit-code';
import { hasCheckout, programName } from '../installation';
import { toJson } from '../output/json';
import { type HashProgress, prepareResult } from '../submission/prepare-result';
import { showUntilSettled } from '../submission/show-until-settled';
import { stateText } from '../views/qa2-status.view';
import { reportView, verdictLine } from '../views/report.view';
import { type ClientOptions, clientFor, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';

interface SubmitOptions extends ClientOptions {
  tree?: string;
  wait: boolean;
}

/** The single file starts no archive. */
function readElsewhere(): string {
  const command = hasCheckout() ? `${programName()} up` : 'almagest up';
  return `To let a standalone archive read from other directories, start it with: ${command} --source DIR ...`;
}

/** `almagest submit RESULT.json`: posts a QA2 result and follows it. */
export const submitCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('submit')
      .summary('post a QA2 result and follow it')
      .description(
        'Post a QA2 result and follow it until its mails are sent. Locations that are paths are relative to the ' +
          'directory of RESULT.json. Ends with 1 if the result is refused, the delivery is rejected or a mail fails.',
      )
      .argument('<RESULT.json>', 'the QA2 result')
      .argument('[PART.tar...]', 'tar parts to use instead of those in RESULT.json; their SHA-256 is computed')
      .option('--tree <DIR>', 'use an unpacked tree instead: the directory that contains the project directory')
      .option('--no-wait', 'do not wait; end once the archive has recorded the result'),
  )
    .addHelpText(
      'after',
      examples('almagest submit examples/1-member-12m.json', 'almagest submit result.json --tree unpacked/ --no-wait'),
    )
    .action(acting(submit));

async function submit(context: CliContext, file: string, parts: string[], options: SubmitOptions): Promise<number> {
  const { terminal, interruption } = context;
  if (parts.length > 0 && options.tree !== undefined) {
    throw new CliError('cli.usage', 'give either PART.tar arguments or --tree, not both');
  }
  const client = await clientFor(context, options);
  // Hashing can take hours: first make sure that the archive answers.
  if (parts.length > 0) await client.assertReachable();
  const replacement = { parts, ...(options.tree === undefined ? {} : { tree: options.tree }) };
  const result = await prepareResult(file, replacement, hashProgress(context), interruption.signal);
  terminal.note(summaryOf(result));
  const { isNew, status: posted } = await post(client, result);
  terminal.note(
    isNew ? `Recorded as ${posted.id}` : `Already recorded with the same content, as ${posted.id}; nothing to do`,
  );
  const status = options.wait ? await showUntilSettled(context, client, posted, options) : posted;
  if (options.json) await terminal.print(toJson({ isNew, result: status }));
  else await terminal.print(...outcomeLines(status, context, options));
  return exitCodeOf(status);
}

async function post(client: ArchiveClient, result: Qa2Result): ReturnType<ArchiveClient['post']> {
  try {
    return await client.post(result);
  } catch (error) {
    const refusal = toCliError(error);
    if (!isCliError(refusal, 'cli.archive-refused')) throw error;
    const isSource = refusal.detail.problem === 'intake.source-not-allowed';
    throw new CliError(refusal.code, refusal.message, {
      ...refusal.detail,
      ...(isSource ? { hints: [readElsewhere()] } : {}),
    });
  }
}

function hashProgress({ terminal }: CliContext): HashProgress {
  let hashed = 0;
  return {
    onBegin: (path, size) => {
      hashed = 0;
      terminal.working(() => `hashing ${basename(path)}: ${humanSize(hashed)} of ${humanSize(size)}`);
    },
    onBytes: (bytes) => {
      hashed += bytes;
    },
    onEnd: (path, size) => {
      terminal.working(null);
      terminal.note(`Hashed ${basename(path)}, ${humanSize(size)}`);
    },
  };
}

function summaryOf(result: Qa2Result): string {
  const { level, revision, outcome, parts, tree } = result;
  const size = (parts ?? []).reduce((sum, part) => sum + part.size, 0);
  const files = parts === undefined ? '' : `: ${count(parts.length, 'part')}, ${humanSize(size)}`;
  return `${level === 'group' ? 'GroupOUS' : 'MemberOUS'} ${ousOf(result)}, revision ${revision}, ${outcome}${tree ? ': a tree' : files}`;
}

/** The outcome, and the command that shows more. */
function outcomeLines(status: Qa2Status, { terminal }: CliContext, options: SubmitOptions): string[] {
  const { outColours: colours, width } = terminal;
  const { id, state, report, settled } = status;
  if (!settled) return [`${state}; to follow it, run: ${suggestion(['status', id, '--follow'], options)}`];
  if (state === 'rejected' && report !== null) {
    const notAllowed = report.findings.some(({ code }) => code === 'source.not-allowed');
    return [...reportView(report, colours, width), ...(notAllowed ? ['', readElsewhere()] : [])];
  }
  return [
    ...(report === null ? [] : [verdictLine(report, colours)]),
    `${stateText(state, colours)}; for details, run: ${suggestion([status.delivery === null ? 'status' : 'ls', id], options)}`,
  ];
}
