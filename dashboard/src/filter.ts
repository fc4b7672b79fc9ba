// SPDX-License-Identifier: GPL-3.0-or-later
// What the search field means: words that must all be there, "tag:slow" for a
// tag, "-word" for what must not be.

export interface Subject {
  /** lower case */
  search: string;
  tags: readonly string[];
}

export type Test = (subject: Subject) => boolean;

function termOf(word: string): Test {
  if (word.startsWith('tag:')) {
    const tag = word.slice(4);
    return tag === ''
      ? () => true
      : (subject) => subject.tags.some((t) => t.toLowerCase() === tag);
  }
  return (subject) => subject.search.includes(word);
}

export function parseFilter(text: string): Test {
  const terms = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '-')
    .map((word) => {
      if (!word.startsWith('-')) return termOf(word);
      const term = termOf(word.slice(1));
      return (subject: Subject) => !term(subject);
    });
  return (subject) => terms.every((term) => term(subject));
}

/** The text with a tag added, or taken away where it was. */
export function toggleTag(text: string, tag: string): string {
  const word = `tag:${tag}`;
  const words = text.split(/\s+/).filter((w) => w !== '');
  const kept = words.filter((w) => w.toLowerCase() !== word.toLowerCase());
  return (kept.length < words.length ? kept : [...words, word]).join(' ');
}

export function hasTag(text: string, tag: string): boolean {
  return text.toLowerCase().split(/\s+/).includes(`tag:${tag.toLowerCase()}`);
}
