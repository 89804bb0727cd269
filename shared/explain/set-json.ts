// JSON that came in one line, set in several for reading: what fits in a line stays in one.

const width = 100;

/** The lines; the text as it is, in one, where it is no JSON. */
export function setJson(text: string): readonly string[] {
  try {
    return set(JSON.parse(text), '').split('\n');
  } catch {
    return [text];
  }
}

/**
 * Which of the lines of one object hold these of its members, nested lines with them. `undefined`: none does, or the object
 * stands in one line.
 */
export function linesOfMembers(lines: readonly string[], members: readonly string[]): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  let inside = false;
  for (const [i, line] of lines.entries()) {
    const member = /^ {2}"([^"]+)": /.exec(line)?.[1];
    if (member !== undefined) inside = members.includes(member);
    else if (!line.startsWith('  ')) inside = false;
    if (inside) found.add(i);
  }
  return found.size === 0 ? undefined : found;
}

function set(value: unknown, indent: string): string {
  const line = inOneLine(value);
  if (line.length + indent.length <= width || typeof value !== 'object' || value === null) return line;
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const inner = Array.isArray(value)
    ? value.map((one) => deeper + set(one, deeper))
    : Object.entries(value).map(([key, one]) => `${deeper}${JSON.stringify(key)}: ${set(one, deeper)}`);
  return `${open}\n${inner.join(',\n')}\n${indent}${close}`;
}

function inOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${inOneLine(one)}`);
  return inner.length === 0 ? '{}' : `{ ${inner.join(', ')} }`;
}
