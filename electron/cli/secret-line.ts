// A line typed without echo: the terminal is raw, so its keys are interpreted here.
import { StringDecoder } from 'node:string_decoder';

export class SecretLine {
  readonly #decoder = new StringDecoder('utf8');
  #text: string[] = [];

  /** Takes what was typed. The line once Enter was pressed; null when the person wants to stop; undefined: go on. */
  type(bytes: Buffer): string | null | undefined {
    for (const key of this.#decoder.write(bytes)) {
      switch (key) {
        case '\r':
        case '\n':
          return this.#text.join('');
        case '\u0003': // Ctrl+C
          return null;
        case '\u0004': // Ctrl+D: the end of input, when nothing was typed
          if (this.#text.length === 0) return null;
          break;
        case '\u0008':
        case '\u007f':
          this.#text.pop();
          break;
        case '\u0015': // Ctrl+U
          this.#text = [];
          break;
        default:
          this.#text.push(key);
      }
    }
    return undefined;
  }
}
