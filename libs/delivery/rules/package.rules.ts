import { productTarName, toFileForm } from '@almagest/ous';
import { type Inventory, type InventoryPart, packagingDate } from '../inventory/inventory';
import { listed } from '../printable';
import { ruleFamily, type Violation } from './rule';

interface NumberedPart {
  name: string;
  part: number;
  of: number;
}

export const packageRules = ruleFamily([
  {
    code: 'package.name',
    severity: 'reject',
    section: '§2',
    statement: 'Every part is named `<Project ID>_<OUS_UID>_m_of_n.tar`.',
    reason: 'The name says which ObsUnitSet a part belongs to and how many parts there are.',
    example: 'A part is named `products.tar`.',
    remedy:
      'Rename the part to `<Project ID>_<OUS_UID>_m_of_n.tar`, with the uid in file form and m counting from 1 to n.',
    *check({ parts, identity }) {
      const ous = identity.member ?? identity.group;
      for (const { name, parsed } of parts) {
        if (name === null || parsed !== null) continue;
        yield {
          file: name,
          message: 'the name of the part does not have the form that §2 requires',
          expected:
            identity.project && ous ? productTarName(identity.project, ous, 1, 1) : '<Project ID>_<OUS_UID>_m_of_n.tar',
          found: listed([name]),
        };
      }
    },
  },
  {
    code: 'package.other-delivery',
    severity: 'reject',
    section: '§2',
    statement:
      'The parts are named with the project code and the uid (Cycle 0: one date) of the ObsUnitSet that is delivered.',
    reason: 'A part of another delivery would go to the wrong PI.',
    example: 'A part of `..._Xa3` is named with the uid `..._Xa4`.',
    remedy: 'Post only the parts of this delivery, named with its project code and uid.',
    check: foreignParts,
  },
  {
    code: 'package.part-number',
    severity: 'reject',
    section: '§2',
    statement: 'In `m_of_n`, m runs from 1 to n.',
    reason: 'A part number greater than the count shows that the names are unreliable.',
    example: 'A part is named `..._3_of_2.tar`.',
    remedy: 'Number the parts from 1 to their count.',
    *check(inventory) {
      for (const { name, part, of } of numbered(inventory)) {
        if (part >= 1 && part <= of) continue;
        const message = 'the part number is outside the range that its count allows';
        yield { file: name, message, expected: `1 to ${of}`, found: `${part}` };
      }
    },
  },
  {
    code: 'package.count',
    severity: 'reject',
    section: '§2',
    statement: 'All parts give the same count n.',
    reason: 'Parts from two different packagings do not form one delivery.',
    example: '`..._1_of_2.tar` and `..._2_of_3.tar` are delivered together.',
    remedy: 'Package the delivery again, all parts in one run.',
    *check(inventory) {
      const parts = numbered(inventory);
      const counts = [...new Set(parts.map(({ of }) => of))];
      if (counts.length < 2) return;
      yield {
        file: parts.find(({ of }) => of !== counts[0])?.name ?? null,
        message: 'the parts give different counts',
        expected: `one count, such as ${counts[0]}`,
        found: listed(parts.map(({ name }) => name)),
      };
    },
  },
  {
    code: 'package.part-repeated',
    severity: 'reject',
    section: '§2',
    statement: 'Each part number occurs once.',
    reason: 'If two parts have the same number, one of them is out of date, and nothing says which.',
    example: '`..._1_of_2.tar` and `..._001_of_002.tar` are both in the delivery.',
    remedy: 'Keep the correct one of the two.',
    *check(inventory) {
      const seen = new Map<number, string>();
      for (const { name, part } of numbered(inventory)) {
        const before = seen.get(part);
        if (before === undefined) seen.set(part, name);
        else {
          yield {
            file: name,
            message: `part ${part} occurs twice`,
            expected: `one part ${part}`,
            found: listed([before, name]),
          };
        }
      }
    },
  },
  {
    code: 'package.part-missing',
    severity: 'reject',
    section: '§2',
    hidesFiles: true,
    statement: 'All n parts are present.',
    reason: 'Without all parts the delivery lacks files, and the PI cannot see which.',
    example: '`..._1_of_2.tar` is delivered alone.',
    remedy: 'Post all parts together.',
    *check(inventory) {
      const parts = numbered(inventory);
      if (new Set(parts.map(({ of }) => of)).size !== 1) return;
      const [{ of } = { of: 0 }] = parts;
      const there = new Set(parts.map(({ part }) => part));
      for (let part = 1; part <= of; part++) {
        if (there.has(part)) continue;
        const message = `part ${part} of ${of} is missing`;
        yield { file: null, message, expected: `${of} parts`, found: listed(parts.map(({ name }) => name)) };
      }
    },
  },
]);

/** The parts that are numbered `m_of_n`. */
function numbered({ parts }: Inventory): NumberedPart[] {
  return parts.flatMap(({ name, parsed }) =>
    name !== null && (parsed?.kind === 'product' || parsed?.kind === 'dated')
      ? [{ name, part: parsed.part, of: parsed.of }]
      : [],
  );
}

function* foreignParts(inventory: Inventory): Iterable<Violation> {
  const { identity, parts } = inventory;
  const ous = identity.member ?? identity.group;
  const named = (middle: string | null): string => [identity.project, middle].filter((name) => name !== null).join('_');
  for (const part of parts) {
    if (belongs(part, inventory)) continue;
    const isDated = part.parsed?.kind === 'dated';
    const expected = named(isDated ? packagingDate(inventory) : ous && toFileForm(ous));
    const message = 'the name of the part belongs to another delivery';
    yield { file: part.name, message, expected, found: listed([part.name ?? '']) };
  }
}

function belongs({ parsed }: InventoryPart, inventory: Inventory): boolean {
  const { identity, posted } = inventory;
  const ous = identity.member ?? identity.group;
  switch (parsed?.kind) {
    case undefined:
      return true;
    case 'readme':
      return ous === null || parsed.ous === ous;
    case 'dated':
      return parsed.project === identity.project && parsed.date === packagingDate(inventory);
    case 'raw': {
      const known = posted === null || posted.executionBlocks.some(({ uid }) => uid === parsed.executionBlock);
      return known && (parsed.project === null || parsed.project === identity.project);
    }
    case 'product':
    case 'auxiliary':
      return parsed.project === identity.project && (ous === null || parsed.ous === ous);
  }
}
