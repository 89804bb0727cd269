// One trace at a time: what was asked, what came of it, which of its paths and hops is looked at.
import type { NotTraced, Trace, TracedPath, TraceProtocol, TraceRequest } from '../../shared/trace/path.ts';
import { readStart, readTarget } from '../../shared/trace/read-place.ts';
import type { NotRead } from '../../shared/trace/read-place.ts';
import { text } from '../i18n/text.svelte.ts';
import type { Snapshot } from './snapshot.svelte.ts';

export type AnyProtocol = TraceProtocol | 'any';

export class Tracing {
  from = $state('');
  to = $state('');
  protocol = $state<AnyProtocol>('any');
  readonly #snapshot: Snapshot;
  #open = $state(false);
  #result = $state.raw<Trace | NotTraced | undefined>(undefined);
  #problems = $state.raw<{ readonly from?: string; readonly to?: string }>({});
  #failure = $state<string | undefined>(undefined);
  #working = $state(false);
  #path = $state(0);
  #hop = $state<number | undefined>(undefined);
  #asked = 0;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  get open(): boolean {
    return this.#open;
  }
  /** What is wrong with a field, in words. */
  get problems(): { readonly from?: string; readonly to?: string } {
    return this.#problems;
  }
  get failure(): string | undefined {
    return this.#failure;
  }
  get working(): boolean {
    return this.#working;
  }
  get trace(): Trace | undefined {
    return this.#result && !('problem' in this.#result) ? this.#result : undefined;
  }
  get notTraced(): NotTraced | undefined {
    return this.#result && 'problem' in this.#result ? this.#result : undefined;
  }
  get pathIndex(): number {
    return this.#path;
  }
  /** The path that is shown; none while the panel is closed. */
  get path(): TracedPath | undefined {
    return this.#open ? this.trace?.paths[this.#path] : undefined;
  }
  /** The hop whose evidence is open. */
  get hop(): number | undefined {
    return this.#hop;
  }

  show(): void {
    this.#open = true;
  }
  close(): void {
    this.#open = false;
  }
  toggle(): void {
    this.#open = !this.#open;
  }
  choosePath(index: number): void {
    this.#path = index;
    this.#hop = undefined;
  }
  /** Again: closes it. */
  chooseHop(index: number): void {
    this.#hop = this.#hop === index ? undefined : index;
  }

  /** Another snapshot is open: what was found is of the one before. What was asked may be asked again. */
  forget(): void {
    this.#asked += 1;
    this.#result = undefined;
    this.#problems = {};
    this.#failure = undefined;
    this.#working = false;
    this.choosePath(0);
  }

  async run(): Promise<void> {
    const request = this.#read();
    this.#result = undefined;
    this.#failure = undefined;
    this.choosePath(0);
    if (!request) return;
    const asked = ++this.#asked;
    this.#working = true;
    try {
      const trace = await this.#snapshot.trace(request);
      if (asked === this.#asked) this.#result = trace;
    } catch (error) {
      if (asked === this.#asked) this.#failure = error instanceof Error ? error.message : String(error);
    } finally {
      if (asked === this.#asked) this.#working = false;
    }
  }

  /** `undefined`: a field is not understood, and says so. */
  #read(): TraceRequest | undefined {
    const model = this.#snapshot.opened?.model;
    if (!model) return undefined;
    const from = this.from.trim() === '' ? undefined : readStart(model, this.from);
    const to = this.to.trim() === '' ? undefined : readTarget(model, this.to);
    const isFrom = from !== undefined && !('problem' in from);
    const isTo = to !== undefined && !('problem' in to);
    this.#problems = {
      ...(isFrom ? {} : { from: from ? worded(from, this.from) : text.trace.needsFrom }),
      ...(isTo ? {} : { to: to ? worded(to, this.to) : text.trace.needsTo }),
    };
    if (!isFrom || !isTo) return undefined;
    return { from, ...to, ...(this.protocol === 'any' ? {} : { protocol: this.protocol }) };
  }
}

function worded({ problem, names }: NotRead, written: string): string {
  const shown = names.slice(0, 4).join(', ') + (names.length > 4 ? ' …' : '');
  return text.trace.notRead[problem](written.trim(), shown);
}
