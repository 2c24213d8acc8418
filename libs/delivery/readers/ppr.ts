import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { PprFacts } from '../facts/file-facts';
import { type Reading, readingOf, unreadable } from './reading';

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
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
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
    this.guard(() => this.parser.write(this.decoder.decode(chunk, { stream: true })));
  }

  end(): Reading<PprFacts> {
    this.guard(() => this.parser.write(this.decoder.decode()).close());
    return this.outcome ?? readingOf(this.facts);
  }

  private guard(action: () => void): void {
    if (this.outcome) return;
    try {
      action();
    } catch (error) {
      const bound = error instanceof PprProblem ? error : new PprProblem('XML in UTF-8', 'bytes that are not UTF-8');
      this.outcome = unreadable(bound.expected, bound.found);
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

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function clip(text: string): string {
  return text.slice(0, 200);
}

function firstLine(text: string): string {
  return clip(text.split('\n')[0] ?? '');
}
