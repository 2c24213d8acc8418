import type { PiFinding } from '@almagest/delivery';
import { count, humanSize, printable } from '@almagest/text';
import { facts } from '../output/table';
import type { Colours } from '../output/terminal';
import { directoryOf, type RestorePlan } from '../restoring/restore-plan';
import { casaArguments } from '../restoring/run-casa';

/** The commands that restore the data by hand, one a step. */
export function restoreCommands(plan: RestorePlan, missing: number, address: string): string[] {
  const { delivery, into } = plan;
  return [
    `npx almagest fetch ${delivery.ous} --unpack --into ${shell(into)}${address}`,
    ...(missing > 0
      ? [
          `npx almagest raw request ${delivery.ous}${address}`,
          `npx almagest raw fetch REQUEST --into ${shell(into)}${address}`,
          `cd ${shell(into)} && for tar in *.asdm.sdm.tar; do tar xf "$tar"; done`,
        ]
      : []),
    `cd ${shell(directoryOf(plan, 'script'))}`,
    `casa ${casaArguments(plan).map(shell).join(' ')}`,
  ];
}

/** The steps of restoring, what they need and what would prevent them. */
export function restoreView(
  plan: RestorePlan,
  missing: number,
  commands: readonly string[],
  findings: readonly PiFinding[],
  colours: Colours,
): string[] {
  const { delivery, asdms, needBytes, spaceSaving } = plan;
  return [
    colours.bold(`Restoring the calibrated data of ${delivery.ous}`),
    ...facts(
      [
        ['calibrated by', printable(delivery.mode)],
        ['products', `${count(delivery.partList.length, 'part')}, ${humanSize(delivery.bytes)}`],
        [
          'raw data',
          `${count(asdms.length, 'ASDM')}, ${humanSize(asdms.reduce((sum, { size }) => sum + size, 0))}; ${missing} to fetch`,
        ],
        ['tree', printable(directoryOf(plan))],
        [
          'disk',
          `${needBytes === null ? 'none' : humanSize(needBytes)} required by scriptForPI at SPACESAVING=${spaceSaving} (§5.3)`,
        ],
      ],
      colours,
    ),
    '',
    ...commands.map((command) => `  ${printable(command)}`),
    ...(findings.length > 0 ? ['', ...findings.flatMap((finding) => piFindingLines(finding, colours))] : []),
  ];
}

function piFindingLines({ severity, message, remedy }: PiFinding, colours: Colours): string[] {
  const mark = severity === 'stop' ? colours.red('stops ') : colours.yellow('warns ');
  return [`${mark} ${printable(message)}`, `       ${printable(remedy)}`];
}

/** Quotes a word for a shell. */
function shell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/["\\$`]/g, '\\$&')}"`;
}
