import type { Inventory } from '../inventory/inventory';
import { type Item, ITEM_NUMBERS, ITEMS } from '../naming/role';
import type { Rule } from '../rules/rule';
import { evaluate } from './evaluate';
import { makeFacts } from './make-facts';
import type { DeliveryReport } from './report';

/** The report of a delivery by the given rules; `pass` when none of them refuses it. */
export function makeReport(inventory: Inventory, rules: readonly Rule[]): DeliveryReport {
  const { findings, omitted, unchecked, counts } = evaluate(inventory, rules);
  const { name, chosen, reasons } = inventory.profile;
  return {
    version: 1,
    verdict: counts.reject > 0 ? 'rejected' : 'pass',
    level: inventory.identity.level,
    mode: inventory.mode,
    profile: { name, chosen, reasons: [...reasons] },
    counts,
    findings,
    omitted,
    unchecked,
    items: ITEM_NUMBERS.map((item) => ({ item, title: ITEMS[item].title, ...tally(inventory, item) })),
    files: inventory.files.length,
    bytes: inventory.bytes,
    facts: makeFacts(inventory),
  };
}

function tally({ files }: Inventory, item: Item): { files: number; bytes: number } {
  const ofItem = files.filter((file) => file.item === item);
  return { files: ofItem.length, bytes: ofItem.reduce((sum, { size }) => sum + size, 0) };
}
