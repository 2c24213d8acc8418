import { Fault, quoted } from './fault';

/** Limits of a query's text. They keep the parser and PostgreSQL far from the ends of their stacks. */
export const TEXT_LIMITS = {
  characters: 1_000_000,
  /** Parentheses within parentheses. */
  depth: 40,
  /** Words, numbers, operators and so on. */
  tokens: 200_000,
} as const;

/** Spaces, comments, and then one token each: text, delimited name, number, word, operator. */
const SPACE = /(?:[ \t\r\n\f\v]+|--[^\n]*)+/y;
const TOKEN =
  /'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[A-Za-z][A-Za-z0-9_]*|<=|>=|<>|!=|\|\||[-+*/=<>(),.;]/y;

/** Characters that word processors and attackers write for those of ADQL. */
const LOOK_ALIKES: readonly [RegExp, string][] = [
  [/[\u2018\u2019\u201a\u201b\u2032\u02bc\uff07\u00b4`]/, "'"],
  [/[\u201c\u201d\u201e\u201f\u2033\uff02]/, '"'],
  [/[\u2010-\u2015\u2212\ufe63\uff0d]/, '-'],
  [/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]/, 'a space'],
  [/[\uff08]/, '('],
  [/[\uff09]/, ')'],
  [/[\uff1d]/, '='],
  [/[\uff0c\u060c\u3001]/, ','],
  [/[\uff1b\u037e]/, ';'],
];

/**
 * Checks that a text consists of tokens of ADQL, with parentheses that match, within the limits. Takes time in
 * proportion to the length, and no stack.
 * @throws {Fault}
 */
export function checkTokens(query: string): void {
  if (query.length > TEXT_LIMITS.characters) {
    throw new Fault(`the query has ${query.length} characters; at most ${TEXT_LIMITS.characters} are allowed`, 0);
  }
  const open: number[] = [];
  let tokens = 0;
  for (let at = skipSpace(query, 0); at < query.length; at = skipSpace(query, TOKEN.lastIndex)) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(query)?.[0];
    if (token === undefined) throw unreadable(query, at);
    if (++tokens > TEXT_LIMITS.tokens) {
      throw new Fault(`the query has more than ${TEXT_LIMITS.tokens} words and signs`, at);
    }
    if (token === '""') throw new Fault('a name in double quotes is empty', at);
    if (token.startsWith("'") || token.startsWith('"')) checkCharacters(token, at);
    if (token === '(' && open.push(at) > TEXT_LIMITS.depth) {
      throw new Fault(`parentheses are nested more than ${TEXT_LIMITS.depth} deep`, at);
    }
    if (token === ')' && open.pop() === undefined) throw new Fault('")" closes nothing', at);
  }
  const unclosed = open.pop();
  if (unclosed !== undefined) throw new Fault('"(" is not closed', unclosed, { expected: ['")"'] });
  if (tokens === 0) throw new Fault('the query is empty', 0, { expected: ['SELECT', 'WITH'] });
}

function skipSpace(query: string, from: number): number {
  SPACE.lastIndex = from;
  return SPACE.test(query) ? SPACE.lastIndex : from;
}

/** PostgreSQL can store neither of these in a text. */
function checkCharacters(token: string, at: number): void {
  if (token.includes('\0')) throw new Fault('a text contains the character U+0000', at + token.indexOf('\0'));
  if (/\p{Cs}/u.test(token)) throw new Fault('a text contains half of a surrogate pair', at);
}

function unreadable(query: string, at: number): Fault {
  const character = String.fromCodePoint(query.codePointAt(at) ?? 0);
  if (character === "'") return new Fault('a text is not closed', at, { expected: ["'"] });
  if (character === '"') return new Fault('a name in double quotes is not closed', at, { expected: ['"'] });
  if (character === '_') return new Fault('a name begins with "_": write it in double quotes', at);
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const meant = LOOK_ALIKES.find(([pattern]) => pattern.test(character))?.[1];
  const name = /^[\x21-\x7e]$/.test(character) ? quoted(character) : `the character ${code}`;
  return new Fault(`${name} is not part of ADQL`, at, { ...(meant !== undefined && { expected: [meant] }) });
}
