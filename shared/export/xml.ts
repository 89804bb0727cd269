// XML from text that nobody checked: names from hosts are text, whatever they contain.

/**
 * Characters that XML forbids (C0, C1, unpaired surrogates, U+FFFE, U+FFFF) are left out, and so are those that turn the
 * direction of what follows: a name may not rearrange its neighbours.
 */
export function cleanText(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For element content and for attribute values in double quotes. */
export const escapeXml = (text: string): string =>
  cleanText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** A number with at most two decimals. */
export const num = (value: number): string => String(Math.round(value * 100) / 100);

/** `a="1" b="x"`, values escaped; those that are undefined are left out. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  let text = '';
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) text += ` ${name}="${typeof value === 'number' ? num(value) : escapeXml(value)}"`;
  return text;
}
