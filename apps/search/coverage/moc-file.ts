import { MOC_ORDER } from './cells';

/** The cells of one order of a coverage map, as PostgreSQL lists them: increasing, with commas between. */
export interface OrderCells {
  readonly order: number;
  readonly cells: string;
}

const BLOCK = 2880;

/** Returns a coverage map as JSON (MOC 2.0, appendix A): the last order is there also if it has no cells. */
export function mocJson(orders: readonly OrderCells[]): Buffer {
  const named = new Map(orders.map(({ order, cells }) => [order, cells]));
  if (!named.has(MOC_ORDER)) named.set(MOC_ORDER, '');
  return Buffer.from(`{${[...named].map(([order, cells]) => `"${order}":[${cells}]`).join(',')}}\n`);
}

/** Returns a coverage map as FITS (MOC 2.0, 4.3.1): one column of NUNIQ numbers, which old clients read too. */
export function mocFits(orders: readonly OrderCells[]): Buffer {
  const numbers = orders.flatMap(({ order, cells }) => {
    // NUNIQ: the order is in the highest bit.
    const first = 4 ** (order + 1);
    return cells.split(',').map((cell) => first + Number(cell));
  });
  const data = Buffer.alloc(Math.ceil((numbers.length * 8) / BLOCK) * BLOCK);
  numbers.forEach((number, row) => data.writeBigInt64BE(BigInt(number), row * 8));
  return Buffer.concat([header(PRIMARY), header(tableCards(numbers.length)), data]);
}

const PRIMARY: readonly Card[] = [
  ['SIMPLE', true],
  ['BITPIX', 8],
  ['NAXIS', 0],
  ['EXTEND', true],
];

function tableCards(rows: number): Card[] {
  return [
    ['XTENSION', 'BINTABLE'],
    ['BITPIX', 8],
    ['NAXIS', 2],
    ['NAXIS1', 8],
    ['NAXIS2', rows],
    ['PCOUNT', 0],
    ['GCOUNT', 1],
    ['TFIELDS', 1],
    ['TTYPE1', 'UNIQ'],
    ['TFORM1', '1K'],
    ['EXTNAME', 'MOC'],
    ['MOCVERS', '2.0'],
    ['MOCDIM', 'SPACE'],
    ['ORDERING', 'NUNIQ'],
    ['COORDSYS', 'C'],
    ['MOCORD_S', MOC_ORDER],
    // What MOC 1.1 calls it.
    ['MOCORDER', MOC_ORDER],
    ['MOCTOOL', 'Almagest'],
  ];
}

type Card = readonly [string, string | number | boolean];

/** Returns a header in blocks of 2880 bytes (FITS 4.0, 3.3.1). */
function header(cards: readonly Card[]): Buffer {
  const text = [...cards.map(cardText), 'END'.padEnd(80)].join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK), 'ascii');
}

/** Returns a card in fixed format (FITS 4.0, 4.2). */
function cardText([keyword, value]: Card): string {
  const written =
    typeof value === 'string' ? `'${value.padEnd(8)}'` : (value === true ? 'T' : String(value)).padStart(20);
  return `${keyword.padEnd(8)}= ${written}`.padEnd(80);
}
