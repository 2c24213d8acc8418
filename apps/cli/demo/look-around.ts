import { toFileForm } from '@almagest/ous';
import type { Endpoint } from '@almagest/contracts';
import { shortId } from '../archive/id-prefix';
import type { Delivered } from './delivery-chapter';

/** Commands and URLs to go on with, once the archive runs again on the demo's home and port. */
export function lookAround(
  delivered: readonly Delivered[],
  { url }: Endpoint,
  home: string,
  running: boolean,
): string[] {
  const [first] = delivered;
  if (first === undefined) return [];
  const { result, delivery, mails } = first;
  const start = [
    'Look around. Start the archive of the demo again in one terminal:',
    '',
    `  npx almagest up --home ${home} --port ${new URL(url).port}`,
    '',
    'and in another:',
  ];
  return [
    ...(running ? [`Look around: the archive runs until Ctrl-C. In another terminal:`] : start),
    '',
    `  export ALMAGEST_HOME=${home}`,
    '  npx almagest status',
    `  npx almagest ls ${result.project}`,
    `  npx almagest ls ${result.group.uid}`,
    `  npx almagest ls ${shortId(delivery.id)} --item 2`,
    ...mails.slice(0, 1).map(({ id }) => `  npx almagest mail ${shortId(id)} --html > mail.html`),
    '',
    'or over HTTP, as a program does:',
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
