// A byte of a host's answer that was no UTF-8, in the text that was made of it: U+FFFD and its number, `br\xff` is `br�ff`.
// Nothing else in such a text looks like that (shared/collect/bytes-as-text.ts).
export const undecodedByte = /\ufffd([89a-f][0-9a-f])/g;
