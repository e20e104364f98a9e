import { QueryMistake } from './mistake.ts';

/** Words with `AND`, `OR`, `NOT` and parentheses: stands in for the parsers until they are here. */
export type Tree<Leaf> =
  | { kind: 'all' }
  | Leaf
  | { kind: 'not'; of: Tree<Leaf> }
  | { kind: 'and' | 'or'; of: readonly Tree<Leaf>[] };

export function parseWords<Leaf>(text: string, leaf: (word: string, at: number) => Leaf): Tree<Leaf> {
  const tokens = Array.from(text.matchAll(/[()]|,|[^\s(),]+/g), (match) => ({
    word: match[0],
    at: match.index + 1,
  }));
  let next = 0;
  if (tokens.length === 0) return { kind: 'all' };
  const tree = alternatives();
  const left = tokens[next];
  if (left) throw new QueryMistake(left.at, `expected the end instead of "${left.word}"`);
  return tree;

  function alternatives(): Tree<Leaf> {
    const of = [all()];
    while (tokens[next]?.word === 'OR') {
      next += 1;
      of.push(all());
    }
    const [only] = of;
    return of.length === 1 && only ? only : { kind: 'or', of };
  }

  function all(): Tree<Leaf> {
    const of = [one()];
    for (;;) {
      const word = tokens[next]?.word;
      if (word === undefined || word === 'OR' || word === ')') break;
      if (word === 'AND' || word === ',') next += 1;
      of.push(one());
    }
    const [only] = of;
    return of.length === 1 && only ? only : { kind: 'and', of };
  }

  function one(): Tree<Leaf> {
    const token = tokens[next];
    next += 1;
    if (!token || ['AND', 'OR', ')', ','].includes(token.word)) {
      throw new QueryMistake(token?.at ?? text.length + 1, 'expected a term');
    }
    if (token.word === 'NOT') return { kind: 'not', of: one() };
    if (token.word.startsWith('-') && token.word.length > 1) {
      return { kind: 'not', of: leaf(token.word.slice(1), token.at + 1) };
    }
    if (token.word === '*') return { kind: 'all' };
    if (token.word !== '(') return leaf(token.word, token.at);
    const inner = alternatives();
    if (tokens[next]?.word !== ')') throw new QueryMistake(text.length + 1, 'expected ")"');
    next += 1;
    return inner;
  }
}
