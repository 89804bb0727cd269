// The snapshot that is open: where it came from, its model, and the host's own words behind every fact.
import type { CaptureTarget, NotCapturable } from '../../shared/capture/capture-target.ts';
import type { Failure, SnapshotContent, SnapshotSummary } from '../../shared/ipc/contract.ts';
import type { Evidence } from '../../shared/model/evidence.ts';
import type { LinkId, NamespaceId } from '../../shared/model/id.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Explanation, Proof } from '../../shared/explain/explanation.ts';
import { explain } from '../../shared/explain/explain.ts';
import type { NotTraced, Trace, TraceRequest } from '../../shared/trace/path.ts';
import { text } from '../i18n/text.svelte.ts';
import type { WorkerClient } from '../worker/worker-client.ts';

export interface Opened {
  readonly summary: SnapshotSummary;
  readonly model: Model;
}

export class Snapshot {
  readonly #worker: WorkerClient;
  #opened = $state.raw<Opened | undefined>(undefined);
  #opening = $state.raw<SnapshotSummary | undefined>(undefined);

  constructor(worker: WorkerClient) {
    this.#worker = worker;
  }

  get opened(): Opened | undefined {
    return this.#opened;
  }
  get opening(): SnapshotSummary | undefined {
    return this.#opening;
  }

  /** Derives the model. Gives the failure when what was stored cannot be read. */
  async open(content: SnapshotContent): Promise<Failure | undefined> {
    this.#opening = content.summary;
    try {
      const model = await this.#worker.ask('open', { transcript: content.transcript });
      this.#opened = { summary: content.summary, model };
      return undefined;
    } catch (error) {
      return {
        code: 'not-readable',
        attempted: text.errors.openAttempted(content.summary.hostLabel),
        reason: error instanceof Error ? error.message : String(error),
        advice: text.errors.openAdvice,
      };
    } finally {
      this.#opening = undefined;
    }
  }

  close(): void {
    this.#opened = undefined;
  }

  explain(id: string): Explanation | undefined {
    return this.#opened && explain(this.#opened.model, id);
  }

  trace(request: TraceRequest): Promise<Trace | NotTraced> {
    return this.#worker.ask('trace', { request });
  }

  captureTarget(netns: NamespaceId, link?: LinkId): Promise<CaptureTarget | { readonly problem: NotCapturable }> {
    return this.#worker.ask('target', { netns, ...(link !== undefined && { link }) });
  }

  /** `members`: see `Fact.members`. */
  prove(evidence: readonly Evidence[], members: readonly string[] = []): Promise<readonly Proof[]> {
    return this.#worker.ask('prove', { evidence, members });
  }
}
