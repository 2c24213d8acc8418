import { productTarName, toFileForm } from '@almagest/ous';
import type { Inventory, InventoryPart } from '../inventory/inventory';
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
    reason: 'The name tells which ObsUnitSet a part belongs to and how many parts there are.',
    example: 'A part is called `products.tar`.',
    remedy: 'Rename the part to `<Project ID>_<OUS_UID>_m_of_n.tar`, the uid in file form, m and n from 1.',
    *check({ parts, identity }) {
      const ous = identity.member ?? identity.group;
      for (const { name, parsed } of parts) {
        if (name === null || parsed !== null) continue;
        yield {
          file: name,
          message: 'the name of the part has not the form §2 gives it',
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
    statement: 'The parts bear the project and the ObsUnitSet they are delivered for.',
    reason: 'A part of another delivery would be given to the wrong PI.',
    example: 'A part of `..._Xa3` bears the uid `..._Xa4`.',
    remedy: 'Post the parts of this delivery only, under its project code and uid.',
    check: foreignParts,
  },
  {
    code: 'package.part-number',
    severity: 'reject',
    section: '§2',
    statement: 'In `m_of_n`, m runs from 1 to n.',
    reason: 'A number outside of its count shows that the names cannot be trusted.',
    example: 'A part is called `..._3_of_2.tar`.',
    remedy: 'Number the parts from 1 to their count.',
    *check(inventory) {
      for (const { name, part, of } of numbered(inventory)) {
        if (part >= 1 && part <= of) continue;
        const message = 'the number of the part lies outside of its count';
        yield { file: name, message, expected: `1 to ${of}`, found: `${part}` };
      }
    },
  },
  {
    code: 'package.count',
    severity: 'reject',
    section: '§2',
    statement: 'All parts state the same count n.',
    reason: 'Parts of two packagings mixed up are not one delivery.',
    example: '`..._1_of_2.tar` comes with `..._2_of_3.tar`.',
    remedy: 'Package the delivery anew, all parts in one go.',
    *check(inventory) {
      const parts = numbered(inventory);
      const counts = [...new Set(parts.map(({ of }) => of))];
      if (counts.length < 2) return;
      yield {
        file: parts.find(({ of }) => of !== counts[0])?.name ?? null,
        message: 'the parts state different counts',
        expected: `one count, such as ${counts[0]}`,
        found: listed(parts.map(({ name }) => name)),
      };
    },
  },
  {
    code: 'package.part-repeated',
    severity: 'reject',
    section: '§2',
    statement: 'Each number of a part is there once.',
    reason: 'Of two parts with one number one is stale, and nobody knows which.',
    example: '`..._1_of_2.tar` and `..._001_of_002.tar` are both there.',
    remedy: 'Keep the right one of the two.',
    *check(inventory) {
      const seen = new Map<number, string>();
      for (const { name, part } of numbered(inventory)) {
        const before = seen.get(part);
        if (before === undefined) seen.set(part, name);
        else {
          yield {
            file: name,
            message: `part ${part} is there twice`,
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
    hidesRest: true,
    statement: 'All n parts are there.',
    reason: 'A delivery whose parts are not all there lacks files, and its PI cannot tell which.',
    example: '`..._1_of_2.tar` comes alone.',
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

/** The parts that take part in `m_of_n`. */
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
  const expected = [identity.project, ous === null ? null : toFileForm(ous)].filter((name) => name !== null).join('_');
  for (const part of parts) {
    if (belongs(part, inventory)) continue;
    const message = 'the part bears the name of another delivery';
    yield { file: part.name, message, expected, found: listed([part.name ?? '']) };
  }
}

function belongs({ parsed }: InventoryPart, { identity, posted }: Inventory): boolean {
  const ous = identity.member ?? identity.group;
  switch (parsed?.kind) {
    case undefined:
      return true;
    case 'readme':
      return ous === null || parsed.ous === ous;
    case 'dated':
      return parsed.project === identity.project;
    case 'raw': {
      const known = posted === null || posted.executionBlocks.some(({ uid }) => uid === parsed.executionBlock);
      return known && (parsed.project === null || parsed.project === identity.project);
    }
    case 'product':
    case 'auxiliary':
      return parsed.project === identity.project && (ous === null || parsed.ous === ous);
  }
}
