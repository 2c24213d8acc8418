import { count, elapsed, humanSize, printable } from '@almagest/text';
import type { Fetched } from '../fetching/fetch-delivery';
import type { Tally } from '../fetching/tally';
import type { Colours } from '../output/terminal';

/** What is on the disk now, and what it took. */
export function fetchedView(
  fetched: readonly Fetched[],
  noun: string,
  into: string,
  tally: Tally,
  colours: Colours,
): string[] {
  const moved = fetched.filter(({ state }) => state !== 'there');
  const before = fetched.length - moved.length;
  const bytes = moved.reduce((sum, { size }) => sum + size, 0);
  return [
    ...fetched.map(
      ({ path, size, state }) => `${state.padEnd(8)}  ${humanSize(size).padStart(11)}  ${printable(path)}`,
    ),
    [
      ...(moved.length > 0
        ? [
            `${count(moved.length, noun)}, ${humanSize(bytes)}, verified by SHA-256, in ${elapsed(tally.took)}, below ${into}`,
          ]
        : []),
      ...(before > 0 ? [`${before} ${before === 1 ? 'was' : 'were'} there before, verified too`] : []),
    ].join('; '),
  ].map((line, index) => (index === fetched.length ? colours.green(line) : line));
}
