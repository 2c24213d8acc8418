import { basename } from 'node:path';
import { casaProgram, type PiFinding } from '@almagest/delivery';
import { count, humanSize, printable, shellWord } from '@almagest/text';
import type { AddressOptions } from '../archive/archive-address';
import { suggestion } from '../archive/suggestion';
import { facts } from '../output/table';
import type { Colours } from '../output/terminal';
import { directoryOf, type RestorePlan } from '../restoring/restore-plan';
import { casaArguments } from '../restoring/run-casa';

/**
 * The commands that restore the data by hand, one a step.
 * @param casa the path of CASA's program, if it is on the search path
 */
export function restoreCommands(
  plan: RestorePlan,
  missing: number,
  casa: string | null,
  options: AddressOptions,
): string[] {
  const { delivery, into, asdms } = plan;
  const members = [...new Set(asdms.map(({ ous }) => ous))];
  return [
    suggestion(['fetch', delivery.id, '--unpack', '--into', into], options),
    ...(missing > 0
      ? [
          ...members.map((ous) => suggestion(['raw', 'fetch', ous, '--into', into], options)),
          `cd ${shellWord(into)} && for tar in *.asdm.sdm.tar; do tar xf "$tar"; done`,
        ]
      : []),
    `cd ${shellWord(directoryOf(plan, 'script'))}`,
    `${casa === null ? casaProgram(plan.casaVersion) : basename(casa)} ${casaArguments(plan).map(shellWord).join(' ')}`,
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
