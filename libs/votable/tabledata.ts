import { type Ending, type Field, isText } from './field';
import { type RowBatch, TEXT_ROWS } from './row-batch';
import type { Additions, RowEncoder } from './row-encoder';
import { type TextColumn, TextRows } from './text-rows';
import { isoTime, isTime } from './time';
import { documentHead, documentTail } from './votable-document';
import { xmlText } from './xml';

/** The first byte of U+FFFE and U+FFFF, which XML does not allow, in UTF-8. */
const LAST_OF_PLANE = '\u00ef';
const SPECIAL_NUMBERS: Record<string, string> = { Infinity: '+Inf', '-Infinity': '-Inf' };

/** VOTable with TABLEDATA (VOTable 1.4, 5.1): an empty TD has no value. */
export class TableData implements RowEncoder {
  readonly form = TEXT_ROWS;
  private readonly text: TextRows;

  constructor(
    private readonly fields: readonly Field[],
    private readonly additions: Additions = {},
  ) {
    const columns = fields.map((field) => ({
      before: '<TD>',
      after: '</TD>',
      missing: '<TD/>',
      ...formOf(field),
    }));
    this.text = new TextRows('<TR>', '</TR>\n', columns);
  }

  begin(): string {
    return `${documentHead(this.fields, this.additions)}<TABLEDATA>\n`;
  }

  rows(batch: RowBatch): Buffer {
    return this.text.of(batch);
  }

  end(ending: Ending): string {
    return `</TABLEDATA>${documentTail(ending, this.additions)}`;
  }
}

function formOf(field: Field): Pick<TextColumn, 'isSpecial' | 'written'> {
  if (isTime(field)) return { isSpecial: () => true, written: isoTime };
  if (isText(field)) {
    return {
      isSpecial: (character) => character === '\\' || character === LAST_OF_PLANE || xmlText(character) !== character,
      written: xmlText,
    };
  }
  if (field.datatype === 'boolean') {
    return { isSpecial: () => true, written: (cell) => (cell === 't' ? 'true' : 'false') };
  }
  return { isSpecial: (character) => character === 'I', written: (cell) => SPECIAL_NUMBERS[cell] ?? cell };
}
