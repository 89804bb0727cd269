// What a host answered, as text, so that different bytes stay different: an interface may be called anything but `/`, `:`
// and white space, and the kernel tells a port's master by its name.
//
// UTF-8 is read as it is. A byte that is none becomes U+FFFD and its number: `br\xff` is `br�ff`. A U+FFFD that is really
// there is left alone, but where two digits after it would make it look like such a byte: then its own three bytes are
// written so, `�ef�bf�bd`. So the text can be turned back (`bytesOf`), is proper Unicode, which no encoder refuses or
// changes, and says nothing in JSON that was not said there.
//
// (Python's lone surrogates are no Unicode, and `\xff` is what an interface may be called.)
import { undecodedByte } from '../model/undecoded-byte.ts';

// Everywhere this runs has both; the language's own library does not declare them.
declare const TextDecoder: new (
  label: string,
  options: { readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

const replacement = '\ufffd';
/** U+FFFD in UTF-8. */
const replacementBytes = [0xef, 0xbf, 0xbd] as const;

/** Never throws; one pass over the bytes, and one over what came of them. */
export function decode(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  return text.includes(replacement) ? decoder.decode(spelledOut(bytes)) : text;
}

/** The bytes that `decode` made `text` of. */
export function bytesOf(text: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { index, 0: all, 1: digits = '' } of text.matchAll(undecodedByte)) {
    parts.push(encoder.encode(text.slice(from, index)), Uint8Array.of(Number.parseInt(digits, 16)));
    from = index + all.length;
  }
  parts.push(encoder.encode(text.slice(from)));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The same bytes with all that are not to be read as UTF-8 spelled out in it. */
function spelledOut(bytes: Uint8Array): Uint8Array {
  // Each is three bytes of U+FFFD and two digits.
  const made = new Uint8Array(bytes.length * 5);
  let length = 0;
  for (let at = 0; at < bytes.length;) {
    const size = characterAt(bytes, at);
    const asIs = size > 0 && !(isReplacement(bytes, at) && isNumber(bytes, at + size));
    const next = at + Math.max(size, 1);
    for (; at < next; at += 1) {
      const byte = bytes[at] ?? 0;
      if (asIs) made[length++] = byte;
      else for (const one of [...replacementBytes, digit(byte >> 4), digit(byte & 15)]) made[length++] = one;
    }
  }
  return made.subarray(0, length);
}

/** Bytes of the character that begins here; 0: none does (Unicode, table 3-7: well-formed byte sequences). */
function characterAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (let more = 1; more < size; more += 1) {
    const byte = bytes[at + more] ?? 0;
    if (byte < 0x80 || byte > 0xbf) return 0;
  }
  const second = bytes[at + 1] ?? 0;
  // Too long for what they say, surrogates, and beyond U+10FFFF.
  if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
  return size;
}

const isReplacement = (bytes: Uint8Array, at: number): boolean =>
  replacementBytes.every((byte, index) => bytes[at + index] === byte);

/** Two digits as in `undecodedByte`. */
const isNumber = (bytes: Uint8Array, at: number): boolean =>
  /^[89a-f][0-9a-f]$/.test(String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0));

const digit = (value: number): number => '0123456789abcdef'.charCodeAt(value);
