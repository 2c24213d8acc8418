import { toFileForm } from '@almagest/ous';
import type { Endpoint } from '@almagest/contracts';
import { shortId } from '../archive/id-prefix';
import type { Delivered } from './delivery-chapter';

/** Commands and URLs to try after the demo, once the archive runs again on the same home and port. */
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
