import { shellWord } from '@almagest/text';
import { join } from 'node:path';
import { ArchiveClient } from '@almagest/archive-client';
import type { Endpoint } from '@almagest/contracts';
import { toFileForm } from '@almagest/ous';
import { addressOf } from '../archive/archive-address';
import { shortId } from '../archive/id-prefix';
import { CliError } from '../cli.error';
import { checkout } from '../installation';
import { mailView } from '../views/mail.view';
import { playBytes } from './bytes-chapter';
import { type Delivered, DeliveryChapter } from './delivery-chapter';
import type { Narrator } from './narrator';
import { playRawData } from './raw-chapter';

/** The QA2 results of the sample, in the order of its story. */
const RESULTS = ['1-member-12m.json', '2-member-7m.json', '3-group.json'];

/**
 * Plays the sample's story against a running archive: two MemberOUSs, their group, the first mail, the stored bytes and
 * the raw data.
 * @throws CliError if the archive does not behave as expected
 */
export async function playStory(
  narrator: Narrator,
  { url, tokenFile }: Endpoint,
  signal: AbortSignal,
): Promise<Delivered[]> {
  const client = ArchiveClient.at(await addressOf(url, tokenFile, (text) => narrator.terminal.note(text)), signal);
  const chapter = new DeliveryChapter(narrator, client, signal);
  const delivered: Delivered[] = [];
  for (const result of RESULTS) delivered.push(await chapter.play(join(checkout().examples, result)));
  const [first] = delivered;
  if (first === undefined) return [];
  await printMail(narrator, client, first);
  await playBytes(narrator, client, first);
  await playRawData(narrator, client, first, signal);
  return delivered;
}

async function printMail(narrator: Narrator, client: ArchiveClient, { mails }: Delivered): Promise<void> {
  const toPi = mails.find(({ role }) => role === 'pi');
  if (toPi === undefined) throw new CliError('cli.demo-failed', 'no mail was sent to the PI');
  await narrator.begin('The first mail, as the PI reads it');
  const rule = narrator.colours.dim('-'.repeat(78));
  await narrator.terminal.print(rule, ...mailView(await client.mail(toPi.id), narrator.colours, 80), rule);
}

/** Commands and URLs to try after the demo, once the archive runs again on the same home and port. */
export function lookAround(
  delivered: readonly Delivered[],
  { url }: Endpoint,
  directory: string,
  running: boolean,
): string[] {
  const home = shellWord(directory);
  const [first] = delivered;
  if (first === undefined) return [];
  const { result, delivery, mails } = first;
  const start = [
    'To explore the archive, start it again in one terminal:',
    '',
    `  npx almagest up --home ${home} --port ${new URL(url).port}`,
    '',
    'and in another:',
  ];
  return [
    ...(running ? [`The archive keeps running until Ctrl-C. To explore it, in another terminal:`] : start),
    '',
    `  export ALMAGEST_HOME=${home}`,
    '  npx almagest status',
    `  npx almagest ls ${result.project}`,
    `  npx almagest ls ${result.group.uid}`,
    `  npx almagest ls ${shortId(delivery.id)} --item 2`,
    `  npx almagest search --project ${result.project}`,
    ...mails.slice(0, 1).map(({ id }) => `  npx almagest mail ${shortId(id)} --html > mail.html`),
    '',
    'or over HTTP:',
    '',
    `  TOKEN=$(awk '/^standalone/ { print $3 }' ${home}/service-tokens)`,
    `  get() { curl -sSf -H "Authorization: Bearer $TOKEN" "$@"; }`,
    `  get ${url}/ous/${toFileForm(result.group.uid)}`,
    `  get ${url}/projects/${result.project}`,
    `  ARCHIVE=${url}/deliveries/${delivery.id}`,
    '  get "$ARCHIVE/files?item=2"',
    ...delivery.partList.slice(0, 1).map(({ name }) => `  get -O $ARCHIVE/parts/${name}`),
    `  curl ${url}/openapi.json`,
  ];
}
