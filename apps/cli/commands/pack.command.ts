import { pathToFileURL } from 'node:url';
import type { Uid } from '@almagest/ous';
import { humanSize, printable } from '@almagest/text';
import { Command, Option } from 'commander';
import type { CliContext } from '../context';
import { EXIT } from '../exit-code';
import { byteSize } from '../output/byte-size';
import { toJson } from '../output/json';
import { type DeliveryTree, findDeliveryTree } from '../packing/delivery-tree';
import { packDelivery, type PackedPart, type PackProgress } from '../packing/pack-delivery';
import { packedView } from '../views/packed.view';
import { type CliCommand, examples } from './command';
import { uidOption } from './uid-argument';

interface PackOptions {
  into: string;
  maxPartSize: number;
  ous?: Uid;
  json?: true;
}

/** As much as the archive itself puts into a part of a tree. */
const MAX_PART_SIZE = 100 * 2 ** 30;

/** A tar's record: no tar is smaller. */
const LEAST_PART_SIZE = 10_240;

/** `almagest pack DIR`: an unpacked tree into the tar parts of its delivery. */
export const packCommand: CliCommand = (acting) =>
  new Command('pack')
    .summary('pack a delivery tree into its tar parts')
    .description(
      'Pack the tree of one delivery into tar parts as §2 names them. The same tree gives the same bytes, on every ' +
        'machine. The parts appear when all of them are written and the tree is still what it was. Needs no archive.',
    )
    .argument('<DIR>', 'the directory that holds the project directory, or one within it')
    .option('--into <DIR>', 'where the parts are written', '.')
    .addOption(
      new Option('--max-part-size <SIZE>', 'no part is larger, unless a single file is')
        .argParser(byteSize(LEAST_PART_SIZE))
        .default(MAX_PART_SIZE, '100GiB'),
    )
    .option('--ous <UID>', 'the ObsUnitSet, where the directory names no uid', uidOption)
    .option('--json', 'print JSON on standard output and nothing else')
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
  const parts = await packDelivery(tree, options.into, options.maxPartSize, progressOn(context), interruption.signal);
  terminal.working(null);
  if (options.json) await terminal.print(toJson(packedDocument(tree, parts)));
  else await terminal.print(...packedView(tree, parts, terminal.outColours));
  return EXIT.ok;
}

function progressOn({ terminal }: CliContext): PackProgress {
  let part = 'looking at the tree';
  let bytes = '';
  terminal.working(() => `${part}${bytes}`);
  return {
    onPart: (name, index, of) => (part = `part ${index} of ${of}, ${printable(name)}`),
    onBytes: (done, of) => (bytes = `: ${humanSize(done)} of ${humanSize(of)}`),
  };
}

/** The parts in the form in which a QA2 result names them. */
function packedDocument({ project, ous }: DeliveryTree, parts: readonly PackedPart[]): unknown {
  return {
    project,
    ous,
    parts: parts.map(({ name, path, size, sha256 }) => ({ name, location: pathToFileURL(path).href, size, sha256 })),
  };
}
