// Text from a host on its way to a person. A process may be called "\x1b[2J", a file may have a newline in its name: what
// would move a terminal's cursor, change its colours or turn the direction of text is shown as an escape instead.
//
// C0, DEL and C1 (some terminals obey U+009B as they do ESC [), line and paragraph separators, directional characters.
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const escaped = (character: string): string => {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
};

/** One line: newlines are escaped too. */
export const printable = (text: string): string => text.replace(unprintable, escaped);

/** JSON as it was, spelled so that a terminal obeys nothing in it: JSON.stringify leaves DEL, C1 and direction alone. */
export const printableJson = (json: string): string =>
  json.replace(unprintable, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/**
 * The same value with every text in it made printable; keys too, ids still name what they named. What has nothing to
 * change is not copied.
 */
export function printableValue<T>(value: T): T {
  return made(value) as T;
}

function made(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(made);
    return items.every((item, index) => item === value[index]) ? (value as unknown) : items;
  }
  const entries = Object.entries(value);
  const changed = entries.map(([key, inner]) => [printable(key), made(inner)] as const);
  const same = entries.every(([key, inner], index) => changed[index]?.[0] === key && changed[index][1] === inner);
  return same ? value : Object.fromEntries(changed);
}
