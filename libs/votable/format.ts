import { Binary2 } from './binary2';
import { Csv, JsonLines, Tsv } from './delimited';
import { Parquet } from './parquet/parquet';
import type { EncoderOf } from './row-encoder';
import { TableData } from './tabledata';

/** A form of results. */
export interface Format {
  /** The media type of an answer. */
  readonly mediaType: string;
  /** Short names of the form (DALI 1.1, 3.4.3). */
  readonly names: readonly string[];
  /** Other media types by which a request may ask for it. */
  readonly otherTypes: readonly string[];
  readonly encoder: EncoderOf;
}

const VOTABLE = 'application/x-votable+xml';

export const DEFAULT_FORMAT: Format = {
  mediaType: VOTABLE,
  names: ['votable', 'votable/td'],
  otherTypes: [`${VOTABLE};serialization=tabledata`, 'text/xml', 'application/xml'],
  encoder: (fields, additions) => new TableData(fields, additions),
};

/** Every form of results, the default first. */
export const FORMATS: readonly Format[] = [
  DEFAULT_FORMAT,
  {
    mediaType: `${VOTABLE};serialization=binary2`,
    names: ['votable/b2'],
    otherTypes: [],
    encoder: (fields, additions) => new Binary2(fields, additions),
  },
  {
    mediaType: 'text/csv;header=present',
    names: ['csv'],
    otherTypes: ['text/csv'],
    encoder: (fields) => new Csv(fields),
  },
  {
    mediaType: 'text/tab-separated-values',
    names: ['tsv'],
    otherTypes: [],
    encoder: (fields) => new Tsv(fields),
  },
  {
    mediaType: 'application/jsonl',
    names: ['jsonl'],
    otherTypes: ['application/x-ndjson'],
    encoder: (fields) => new JsonLines(fields),
  },
  {
    mediaType: 'application/vnd.apache.parquet',
    names: ['parquet'],
    otherTypes: ['application/x-parquet', 'application/parquet'],
    encoder: (fields) => new Parquet(fields),
  },
];

/** Finds the form that a request names by a short name or a media type; undefined when there is none. */
export function formatNamed(wanted: string): Format | undefined {
  const name = plain(wanted);
  return FORMATS.find(({ mediaType, names, otherTypes }) =>
    [mediaType, ...names, ...otherTypes].some((known) => plain(known) === name),
  );
}

/** Media types differ neither by case nor by blanks, and quotes around a parameter mean nothing (RFC 9110, 8.3.1). */
function plain(text: string): string {
  return text.toLowerCase().replace(/[\s"]/g, '');
}
