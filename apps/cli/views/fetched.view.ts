import type { Fetched, FetchProgress } from '@almagest/archive-client';
import { count, elapsed, humanSize, printable } from '@almagest/text';
import type { Colours } from '../output/terminal';

/** The files that were fetched or already present, and a summary line. */
export function fetchedView(
  fetched: readonly Fetched[],
  noun: string,
  into: string,
  progress: FetchProgress,
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
            `${count(moved.length, noun)}, ${humanSize(bytes)}, verified by SHA-256, in ${elapsed(progress.took)}, to ${into}`,
          ]
        : []),
      ...(before > 0 ? [`${before} already present, verified too`] : []),
    ].join('; '),
  ].map((line, index) => (index === fetched.length ? colours.green(line) : line));
}

/** Shows how far a fetch is: `1.2 GB of 4.5 GB, 85.0 MB/s, 39.0 s left`. */
export function progressLine({ done, total, fetched, rate, msLeft, note }: FetchProgress): string {
  const speed = fetched > 0 ? `, ${humanSize(Math.round(rate))}/s` : '';
  const left = fetched > 0 && msLeft !== null ? `, ${elapsed(msLeft)} left` : '';
  return `${humanSize(done)} of ${humanSize(total)}${speed}${left}${note === null ? '' : `; ${note}`}`;
}
