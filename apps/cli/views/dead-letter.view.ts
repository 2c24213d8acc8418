import type { DeadLetterSummary, DeadLetterWithMessage } from '@almagest/contracts';
import { count, instant, printable, wrap } from '@almagest/text';
import { toJson } from '../output/json';
import { table } from '../output/table';
import type { Colours } from '../output/terminal';

/** Characters of a reason in the table; `show` prints all of it. */
const REASON = 60;

/** A table of dead letters. */
export function deadLetterTable(letters: readonly DeadLetterSummary[], colours: Colours): string[] {
  const titles = ['ID', 'DEAD SINCE (UTC)', 'SERVICE', 'MESSAGE', 'ABOUT', 'STATE', 'REASON'];
  const [head = '', ...lines] = table(
    titles.map((title) => ({ title })),
    letters.map((letter) => [
      letter.id,
      instant(letter.deadAt).slice(0, 16),
      letter.service,
      typeText(letter),
      aboutText(letter),
      letter.state === 'waiting' ? colours.yellow(letter.state) : letter.state,
      printable(letter.reason).slice(0, REASON),
    ]),
  );
  return [colours.dim(head), ...lines];
}

/** A dead letter with its message. */
export function deadLetterView(letter: DeadLetterWithMessage, colours: Colours, width: number): string[] {
  const { place } = letter;
  const line = (name: string, text: string): string[] =>
    wrap(text, Math.max(20, width - 10)).map((part, at) => `${colours.dim((at === 0 ? name : '').padEnd(9))} ${part}`);
  return [
    ...line('Message', `${typeText(letter)} about ${aboutText(letter)}`),
    ...line('Service', `${letter.service}, after ${count(letter.attempts, 'attempt')}`),
    ...line('Dead', instant(letter.deadAt)),
    ...line('State', letter.settledAt === null ? letter.state : `${letter.state} ${instant(letter.settledAt)}`),
    ...(place === null
      ? []
      : line('Read from', `${place.topic}, partition ${place.partition}, offset ${place.offset}`)),
    ...line('Reason', printable(letter.reason)),
    '',
    ...toJson(letter.message).split('\n').map(printable),
  ];
}

/** The last component of a message type. */
function typeText({ type }: DeadLetterSummary): string {
  return type === null ? 'no message' : printable(type.slice(type.lastIndexOf('.') + 1));
}

function aboutText({ subject }: DeadLetterSummary): string {
  return subject === null ? '-' : printable(subject);
}
