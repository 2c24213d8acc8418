import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { PprFacts } from '../facts/file-facts';
import { type Reading, readingOf, unreadable } from './reading';
import { EncodingError, XmlDecoder } from './xml-decoder';

/** Limits of a PPR; a real one has some hundred kilobytes and is a dozen elements deep. */
const MAX_DEPTH = 64;
const MAX_TEXT_LENGTH = 4096;
const MAX_LISTED = 1000;
const MAX_ATTRIBUTES = 256;

const ROOT = 'SciPipeRequest';
const UID_IN_TEXT = /uid:\/\/A[0-9A-Fa-f]{3,8}\/X[0-9A-Fa-f]{1,16}\/X[0-9A-Fa-f]{1,16}/g;
const SESSION = /^SESSION_(\d{1,4})$/;

/** Stops the parser when a PPR is malformed or exceeds a limit. */
class PprProblem extends Error {
  constructor(
    readonly expected: string,
    readonly found: string,
  ) {
    super(`expected ${expected}, found ${found}`);
  }
}

/**
 * Reads a PPR in chunks (docs/standard/real-deliveries.md §7). Matches elements by their local names, since the
 * namespaces change from year to year. Rejects a document type, so that no entity is defined and no other file is read.
 */
export class PprReader {
  private readonly parser = new SaxesParser({ xmlns: false as const, position: false });
  private readonly decoder = new XmlDecoder();
  private readonly path: string[] = [];
  private text = '';
  private keyword: string | null = null;
  private outcome: Reading<PprFacts> | null = null;
  private readonly facts: PprFacts = {
    projectCode: null,
    memberOus: null,
    schedulingBlock: null,
    procedure: null,
    executionBlocks: [],
    sessions: [],
    obsProject: null,
    schedulingBlockStatus: null,
    relativePath: null,
  };

  constructor() {
    this.parser.on('error', (error) => this.stop(new PprProblem('well-formed XML', firstLine(error.message))));
    this.parser.on('doctype', () => this.stop(new PprProblem('no document type', 'a DOCTYPE')));
    this.parser.on('opentag', (tag) => this.onOpen(tag));
    this.parser.on('text', (text) => this.onText(text));
    this.parser.on('cdata', (text) => this.onText(text));
    this.parser.on('closetag', () => this.onClose());
  }

  write(chunk: Uint8Array): void {
    this.guard(() => this.parser.write(this.decoder.write(chunk)));
  }

  end(): Reading<PprFacts> {
    this.guard(() => this.parser.write(this.decoder.end()).close());
    return this.outcome ?? readingOf(this.facts);
  }

  private guard(action: () => void): void {
    if (this.outcome) return;
    try {
      action();
    } catch (error) {
      const { expected, found } = problemOf(error);
      this.outcome = unreadable(expected, found);
    }
  }

  private stop(problem: PprProblem): never {
    throw problem;
  }

  private onOpen({ name, attributes }: SaxesTagPlain): void {
    const local = localName(name);
    if (this.path.length === 0 && local !== ROOT) this.stop(new PprProblem(`the root element ${ROOT}`, clip(local)));
    if (this.path.length >= MAX_DEPTH) this.stop(new PprProblem(`at most ${MAX_DEPTH} elements deep`, 'more'));
    if (Object.keys(attributes).length > MAX_ATTRIBUTES) {
      this.stop(new PprProblem(`at most ${MAX_ATTRIBUTES} attributes of an element`, 'more'));
    }
    this.path.push(local);
    this.text = '';
    const entity = attributes['entityId'];
    if (entity === undefined) return;
    if (local === 'OUSStatusRef' && this.path.includes('ProjectStructure')) this.facts.memberOus ??= clip(entity);
    if (local === 'SchedBlockRef') this.facts.schedulingBlock ??= clip(entity);
    if (local === 'SBStatusRef') this.facts.schedulingBlockStatus ??= clip(entity);
    if (local === 'ObsUnitSetRef' && this.path.includes('ProjectStructure')) this.facts.obsProject ??= clip(entity);
  }

  private onText(text: string): void {
    if (this.text.length < MAX_TEXT_LENGTH) this.text += text.slice(0, MAX_TEXT_LENGTH - this.text.length);
  }

  private onClose(): void {
    const local = this.path.pop();
    const parent = this.path.at(-1);
    const text = this.text.trim();
    this.text = '';
    if (local === 'ProposalCode' && parent === 'ProjectSummary') this.facts.projectCode ??= clip(text);
    if (local === 'RelativePath') this.facts.relativePath ??= clip(text) || null;
    if (local === 'ProcedureTitle') this.facts.procedure ??= clip(text);
    if (local === 'ExecBlockId' && parent === 'AsdmRef') this.addBlock(clip(text));
    if (local === 'Keyword' && parent === 'Intents') this.keyword = text;
    if (local === 'Value' && parent === 'Intents') this.onIntent(text);
    if (local === 'Intents') this.keyword = null;
  }

  private addBlock(uid: string): void {
    const { executionBlocks } = this.facts;
    if (uid !== '' && executionBlocks.length < MAX_LISTED && !executionBlocks.includes(uid)) executionBlocks.push(uid);
  }

  private onIntent(value: string): void {
    const session = SESSION.exec(this.keyword ?? '');
    const number = Number(session?.[1] ?? 0);
    if (number === 0 || this.facts.sessions.length >= MAX_LISTED) return;
    const executionBlocks = [...value.matchAll(UID_IN_TEXT)].map(([uid]) => uid).slice(0, MAX_LISTED);
    this.facts.sessions.push({ number, executionBlocks });
  }
}

function problemOf(error: unknown): { expected: string; found: string } {
  if (error instanceof PprProblem) return error;
  if (error instanceof EncodingError) {
    return { expected: 'UTF-8, or ISO-8859, Windows-125x or UTF-16 as declared', found: error.encoding };
  }
  return { expected: 'XML in its declared encoding, by default UTF-8', found: 'bytes that are not in this encoding' };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function clip(text: string): string {
  return text.slice(0, 200);
}

function firstLine(text: string): string {
  return clip(text.split('\n')[0] ?? '');
}
