import { rm } from 'node:fs/promises';
import { type ArchiveClient, assertAllBytes, fetchMissing, FetchProgress, Folder } from '@almagest/archive-client';
import type { SpaceSaving } from '@almagest/delivery';
import { toFileForm, type Uid } from '@almagest/ous';
import { Command } from 'commander';
import type { MailLink } from '../archive/archive-address';
import { suggestion } from '../archive/suggestion';
import { CliError, isCliError, resumableError, toCliError } from '../cli.error';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { deliveryOf, filesOf } from '../fetching/selection';
import { toJson } from '../output/json';
import { assertNothingStops, type Before, type CheckedStart, checkStart, JOBS } from '../restoring/check-start';
import { fetchRaw } from '../restoring/fetch-raw';
import {
  type AsdmOf,
  calibratedSets,
  checkOnDisk,
  checkPlanned,
  directoryOf,
  exists,
  missingAsdms,
  planRestore,
  type RestorePlan,
} from '../restoring/restore-plan';
import { findCasa, runCasa } from '../restoring/run-casa';
import { errorDocument, errorView } from '../views/error.view';
import { progressLine } from '../views/fetched.view';
import { restoreCommands, restoreView } from '../views/restore.view';
import { archiveFor, type ClientOptions, withClientOptions } from './client-options';
import { type CliCommand, examples } from './command';
import { numberBetween } from './option-values';

interface RestoreOptions extends ClientOptions {
  into: string;
  spacesaving: number;
  dryRun?: true;
  keep?: true;
}

/** `almagest restore OUS`: restores the calibrated visibilities of a delivery (§5). */
export const restoreCommand: CliCommand = (acting) =>
  withClientOptions(
    new Command('restore')
      .summary('restore the calibrated data of a MemberOUS')
      .description(
        'Restore the calibrated MeasurementSet of a MemberOUS (§5): fetch its products and raw data into the tree of §3 ' +
          'and run scriptForPI with the CASA on the search path. Everything that scriptForPI checks, including free disk ' +
          'space, is checked before anything is downloaded. If it is interrupted, run the same command again: it resumes.',
      )
      .argument('<OUS>', 'uid of a MemberOUS (its current delivery), or id of a delivery')
      .option('--into <DIR>', 'directory for the tree', '.')
      .option(
        '--spacesaving <N>',
        'intermediate MeasurementSets to delete, from 0 (none) to 3 (all); -1 (later scripts): none, and no disk check',
        numberBetween(-1, 3),
        0,
      )
      .option('--dry-run', 'only print the steps, and what would prevent them')
      .option('--keep', 'keep the tars after they are unpacked'),
  )
    .addHelpText(
      'after',
      examples(
        'almagest restore uid://A001/X1/Xa3 --dry-run',
        'almagest restore uid://A001/X1/Xa3 --into ngc1234/ --spacesaving 2',
      ),
    )
    .action(acting(restore));

async function restore(context: CliContext, what: string, options: RestoreOptions): Promise<number> {
  const { terminal, config } = context;
  const { client, link } = await archiveFor(context, options);
  const plan = await planFor(client, what, link, options);
  const marker = directoryOf(plan, `.almagest-restore-${toFileForm(plan.delivery.ous)}`);
  const isUnfinished = await exists(marker);
  const calibrated = isUnfinished ? [] : await calibratedSets(plan);
  if (calibrated.length > 0) return printCalibrated(context, plan, calibrated, options, 'already exist');
  const findings = await checkPlanned(plan, isUnfinished);
  const missing = await missingAsdms(plan);
  const before: Before = { findings, missing, casa: await findCasa(config.PATH ?? '', plan.casaVersion), marker };
  if (options.dryRun) return printPlan(context, plan, before, options);
  terminal.note(...restoreView(plan, missing.length, [], findings, terminal.errColours));
  const start = await checkStart(context, plan, before);
  try {
    await work(context, client, plan, { ...start, marker, isUnfinished }, options);
  } catch (error) {
    const failure = resumableError(error);
    if (failure === null) throw error;
    const words = ['restore', what, '--into', options.into, '--spacesaving', String(options.spacesaving)];
    const again = suggestion(options.keep ? [...words, '--keep'] : words, options);
    const hints = [`completed steps are kept; to resume, run: ${again}`];
    throw new CliError(failure.code, failure.message, { ...failure.detail, hints });
  }
  return printCalibrated(context, plan, await calibratedSets(plan), options, 'are restored');
}

/** Prints the steps, and what would stop them, with the exit code of the real run. */
async function printPlan(
  context: CliContext,
  plan: RestorePlan,
  before: Before,
  options: RestoreOptions,
): Promise<number> {
  const { terminal, interruption } = context;
  const { missing, casa, findings } = before;
  let error: CliError | null = null;
  try {
    await checkStart(context, plan, before);
  } catch (cause) {
    const known = toCliError(cause);
    if (!isCliError(known) || interruption.signal.aborted) throw cause;
    error = known;
  }
  const commands = restoreCommands(plan, missing.length, casa, options);
  const exitCode = error === null ? EXIT.ok : error.exitCode;
  const problem = error === null ? {} : (errorDocument(error, exitCode) as object);
  const document = { ...describe(plan), missingAsdms: missing.length, casa, commands, findings, ...problem };
  await terminal.print(
    ...(options.json ? [toJson(document)] : restoreView(plan, missing.length, commands, findings, terminal.outColours)),
  );
  if (error !== null) terminal.note(...errorView(error, terminal.errColours, terminal.width));
  return exitCode;
}

async function planFor(
  client: ArchiveClient,
  what: string,
  link: MailLink | null,
  options: RestoreOptions,
): Promise<RestorePlan> {
  const delivery = await deliveryOf(client, what, link);
  const files = await filesOf(client, delivery);
  const members = delivery.level === 'member' ? [delivery.ous, ...delivery.alsoServes] : [];
  const asdms = (await Promise.all(members.map((ous) => asdmsOf(client, ous)))).flat();
  const report = await client.report(delivery.id);
  const spaceSaving = options.spacesaving as SpaceSaving | -1;
  return planRestore(delivery, files, asdms, report, { into: options.into, spaceSaving });
}

async function asdmsOf(client: ArchiveClient, ous: Uid): Promise<AsdmOf[]> {
  const { asdms, totalSize } = await client.asdms(ous);
  assertAllBytes(`the raw data of ${ous}`, asdms, totalSize);
  return asdms.map((asdm) => ({ ...asdm, ous }));
}

interface Run extends CheckedStart {
  /** A file with the process id of CASA. It exists while a calibration that this command started is unfinished. */
  marker: string;
  isUnfinished: boolean;
}

async function work(
  context: CliContext,
  client: ArchiveClient,
  plan: RestorePlan,
  { casa, found, marker, isUnfinished }: Run,
  options: RestoreOptions,
): Promise<void> {
  const { terminal, interruption } = context;
  const folder = await Folder.at(options.into);
  const keep = options.keep === true;
  try {
    const progress = new FetchProgress(plan.delivery.bytes);
    terminal.working(() => `fetching products: ${progressLine(progress)}`);
    const job = { client, folder, jobs: JOBS, signal: interruption.signal, keep };
    await fetchMissing(found, plan.files, job, progress);
    terminal.working(null);
    await fetchRaw(context, client, plan, folder, { ...options, keep });
  } finally {
    terminal.working(null);
    folder.tidy();
  }
  if (isUnfinished) await rm(directoryOf(plan, 'calibrated'), { recursive: true, force: true });
  assertNothingStops(await checkOnDisk(plan));
  await runCasa(casa, plan, marker, context);
  if ((await calibratedSets(plan)).length === 0) {
    throw new CliError('cli.casa-failed', 'CASA ended without a calibrated MeasurementSet', {
      hints: [`the log of CASA is in ${directoryOf(plan, 'script')}`],
    });
  }
  await rm(marker, { force: true });
}

async function printCalibrated(
  { terminal }: CliContext,
  plan: RestorePlan,
  sets: readonly string[],
  options: RestoreOptions,
  what: string,
): Promise<number> {
  const paths = sets.map((name) => directoryOf(plan, 'calibrated', name));
  if (options.json) await terminal.print(toJson({ ...describe(plan), calibrated: paths }));
  else
    await terminal.print(...paths, terminal.outColours.green(`The calibrated data of ${plan.delivery.ous} ${what}.`));
  return EXIT.ok;
}

function describe(plan: RestorePlan): Record<string, unknown> {
  const { delivery, into, spaceSaving, needBytes, asdms } = plan;
  const used = asdms.map(({ uid }) => uid);
  return {
    delivery: delivery.id,
    ous: delivery.ous,
    mode: delivery.mode,
    into,
    tree: directoryOf(plan),
    asdms: used,
    spaceSaving,
    needBytes,
  };
}
