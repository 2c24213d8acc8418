import { pathToFileURL } from 'node:url';
import type { Uid } from '@almagest/ous';
import { count, humanSize, printable, shortList } from '@almagest/text';
import { Command, Option } from 'commander';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { toJson } from '../output/json';
import type { Colours } from '../output/terminal';
import { type DeliveryTree, findDeliveryTree } from '../packing/delivery-tree';
import { packDelivery, type PackedDelivery, type PackProgress } from '../packing/pack-delivery';
import { type CliCommand, examples } from './command';
import { byteSize, uidOption } from './option-values';

interface PackOptions {
  into: string;
  maxPartSize: number;
  ous?: Uid;
  json?: true;
}

/** The size at which the archive itself splits a tree into parts. */
const MAX_PART_SIZE = 100 * 2 ** 30;

/** The record size of tar: no tar is smaller. */
const LEAST_PART_SIZE = 10_240;

/** `almagest pack DIR`: packs an unpacked tree into the tar parts of its delivery. */
export const packCommand: CliCommand = (acting) =>
  new Command('pack')
    .summary('pack a delivery tree into its tar parts')
    .description(
      'Pack the tree of one delivery into tar parts, named as in §2. The same tree gives the same bytes on every ' +
        'machine. The parts appear once all are written and the tree has not changed meanwhile. What a system or an editor left in the tree ' +
        '(._*, .DS_Store, Thumbs.db, backups) is left out. Needs no archive.',
    )
    .argument('<DIR>', 'directory that contains the project directory, or a directory inside it')
    .option('--into <DIR>', 'directory for the parts', '.')
    .addOption(
      new Option('--max-part-size <SIZE>', 'maximum size of a part, exceeded only for a single larger file')
        .argParser(byteSize(LEAST_PART_SIZE))
        .default(MAX_PART_SIZE, '100GiB'),
    )
    .option('--ous <UID>', 'uid of the ObsUnitSet, if the directory name contains none', uidOption)
    .option('--json', 'print only JSON on standard output')
    .addHelpText(
      'after',
      examples(
        'almagest pack unpacked/',
        'almagest pack 2013.1.09999.S/ --into parts/ --max-part-size 20GB',
        'almagest pack unpacked/ --into parts/ && almagest validate parts/*.tar',
      ),
    )
    .action(acting(pack));

async function pack(context: CliContext, directory: string, options: PackOptions): Promise<number> {
  const { terminal, interruption } = context;
  const tree = await findDeliveryTree(directory, options.ous);
  const packed = await packDelivery(tree, options.into, options.maxPartSize, progressOn(context), interruption.signal);
  terminal.working(null);
  if (options.json) await terminal.print(toJson(packedDocument(tree, packed)));
  else await terminal.print(...packedView(tree, packed, terminal.outColours));
  return EXIT.ok;
}

function progressOn({ terminal }: CliContext): PackProgress {
  let part = 'reading the tree';
  let bytes = '';
  terminal.working(() => `${part}${bytes}`);
  return {
    onPart: (name, index, of) => (part = `part ${index} of ${of}, ${printable(name)}`),
    onBytes: (done, of) => (bytes = `: ${humanSize(done)} of ${humanSize(of)}`),
  };
}

/** The parts as a QA2 result lists them, and what is not in them. */
function packedDocument({ project, ous }: DeliveryTree, { parts, leftOut }: PackedDelivery): unknown {
  return {
    project,
    ous,
    parts: parts.map(({ name, path, size, sha256 }) => ({ name, location: pathToFileURL(path).href, size, sha256 })),
    leftOut,
  };
}

/** The written parts with their sizes and digests. */
function packedView({ ous }: DeliveryTree, { parts, leftOut }: PackedDelivery, colours: Colours): string[] {
  const files = parts.reduce((sum, part) => sum + part.files, 0);
  const bytes = parts.reduce((sum, part) => sum + part.size, 0);
  return [
    ...parts.flatMap(({ path, size, sha256, files: inPart }) => [
      `${colours.bold(printable(path))}  ${humanSize(size)}, ${count(inPart, 'file')}`,
      `  ${colours.dim('SHA-256')} ${sha256}`,
    ]),
    ...(leftOut.length === 0
      ? []
      : [`Left out, as no part of the delivery: ${shortList(leftOut.map(printable), MAX_NAMED)}.`]),
    `Packed ${count(files, 'file')} of ${ous} into ${count(parts.length, 'part')}, ${humanSize(bytes)}.`,
  ];
}

const MAX_NAMED = 6;
