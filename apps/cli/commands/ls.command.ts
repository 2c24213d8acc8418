import { type ArchiveClient, assertFileCount } from '@almagest/archive-client';
import type { DeliverySummary } from '@almagest/contracts';
import { isProjectCode, type Uid, uidIn } from '@almagest/ous';
import { printable } from '@almagest/text';
import { Command } from 'commander';
import { completeId, idOrPrefix, isIdOrPrefix } from '../archive/id-prefix';
import { CliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJson, toJsonLine } from '../output/json';
import { deliveryView, FileLines } from '../views/delivery.view';
import { ousView, projectView } from '../views/ous.view';
import type { MailLink } from '../archive/archive-address';
import { archiveFor, type ClientOptions, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';
import { numberBetween } from './option-values';

interface LsOptions extends ClientOptions {
  item?: number;
  role?: string;
}

/** What to list. */
export type Target =
  | { kind: 'projects' }
  | { kind: 'project'; code: string }
  | { kind: 'ous'; uid: Uid }
  | { kind: 'delivery'; id: string };

/** `almagest ls [WHAT]`: lists the contents of the catalogue. */
export const lsCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('ls')
      .summary('list projects, ObsUnitSets, deliveries and files')
      .description(
        'List what the archive contains: all projects, a project with its ObsUnitSets, an ObsUnitSet with its ' +
          'deliveries, or a delivery with its parts and files. With --json, a delivery is printed as JSON Lines: first ' +
          'the delivery, then one file a line.',
      )
      .argument('[WHAT]', 'project code, uid (uid://... or uid___...), or id of a delivery; default: all projects')
      .option('--item <N>', 'for a delivery: only files of this item of §3 (1 to 7)', numberBetween(1, 7))
      .option('--role <ROLE>', 'for a delivery: only files with this role'),
  )
    .addHelpText(
      'after',
      examples('almagest ls 2013.1.09999.S', 'almagest ls uid://A001/X1/Xa3', 'almagest ls 5f0c1234 --item 2'),
    )
    .action(acting(ls));

/**
 * Interprets the argument; undefined means all projects.
 * @throws CliError `cli.usage`
 */
export function targetOf(what: string | undefined): Target {
  if (what === undefined) return { kind: 'projects' };
  if (isProjectCode(what)) return { kind: 'project', code: what };
  const uid = uidIn(what);
  if (uid !== null) return { kind: 'ous', uid };
  if (isIdOrPrefix(what)) return { kind: 'delivery', id: idOrPrefix(what, 'delivery') };
  throw new CliError('cli.usage', `"${what}" is not a project code, a uid or a delivery id`, {
    hints: ['expected 2013.1.09999.S, uid://A001/X1/Xa3, uid___A001_X1_Xa3 or 5f0c1234'],
  });
}

async function ls(context: CliContext, what: string | undefined, options: LsOptions): Promise<number> {
  const target = targetOf(what);
  if (target.kind !== 'delivery' && (options.item !== undefined || options.role !== undefined)) {
    throw new CliError('cli.usage', '--item and --role require the id of a delivery');
  }
  const { client, link } = await archiveFor(context, options);
  switch (target.kind) {
    case 'projects':
      await listProjects(context, client, options);
      break;
    case 'project':
      await listProject(context, client, target.code, options);
      break;
    case 'ous':
      await listOus(context, client, target.uid, options);
      break;
    case 'delivery':
      await listDelivery(context, client, target.id, link, options);
  }
  return EXIT.ok;
}

async function listProjects({ terminal }: CliContext, client: ArchiveClient, { json }: LsOptions): Promise<void> {
  const projects: { code: string }[] = [];
  for await (const project of client.projects()) {
    if (!json) await terminal.print(printable(project.code));
    if (terminal.isUnread) return;
    projects.push(project);
  }
  if (json) await terminal.print(toJson({ projects }));
  else if (projects.length === 0) terminal.note('The archive has no projects yet.');
}

async function listProject(
  { terminal }: CliContext,
  client: ArchiveClient,
  code: string,
  { json }: LsOptions,
): Promise<void> {
  const project = await client.project(code);
  await terminal.print(...(json ? [toJson(project)] : projectView(project, terminal.outColours)));
}

async function listOus({ terminal }: CliContext, client: ArchiveClient, uid: Uid, { json }: LsOptions): Promise<void> {
  const ous = await client.ous(uid);
  const deliveries: DeliverySummary[] = [];
  for await (const delivery of client.deliveries(uid)) deliveries.push(delivery);
  await terminal.print(
    ...(json ? [toJson({ ous, deliveries })] : ousView(ous, deliveries, terminal.outColours, terminal.width)),
  );
}

async function listDelivery(
  { terminal }: CliContext,
  client: ArchiveClient,
  prefix: string,
  link: MailLink | null,
  { json, item, role }: LsOptions,
): Promise<void> {
  const id = await completeId(prefix, () => client.results(), 'delivery', link);
  const delivery = await client.delivery(id);
  const lines = new FileLines(terminal.outColours);
  await terminal.print(
    ...(json ? [toJsonLine({ kind: 'delivery', ...delivery })] : deliveryView(delivery, terminal.outColours)),
  );
  const filter = { ...(item === undefined ? {} : { item }), ...(role === undefined ? {} : { role }) };
  let listed = 0;
  for await (const file of client.files(id, filter)) {
    listed += 1;
    await terminal.print(...(json ? [toJsonLine({ kind: 'file', ...file })] : lines.of(file)));
    if (terminal.isUnread) return;
  }
  if (item === undefined && role === undefined) assertFileCount(delivery, listed);
}
