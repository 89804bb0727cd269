// What the page and its worker say to each other. The worker keeps the transcript and the model of the open snapshot:
// parsing, resolving and laying out never hold up the window.
import type { CaptureTarget, NotCapturable } from '../../shared/capture/capture-target.ts';
import type { Graph } from '../../shared/graph/graph.ts';
import type { NetworkViewOptions } from '../../shared/graph/network/sight.ts';
import type { Scene } from '../../shared/layout/scene.ts';
import type { Evidence } from '../../shared/model/evidence.ts';
import type { LinkId, NamespaceId } from '../../shared/model/id.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Proof } from '../../shared/explain/explanation.ts';
import type { NotTraced, Trace, TraceRequest } from '../../shared/trace/path.ts';
import type { Moved } from '../state/moves.svelte.ts';

/** A graph and where it stands. */
export interface Picture {
  readonly graph: Graph;
  readonly scene: Scene;
}

/** Questions: argument, then answer. */
export interface Questions {
  /** The model without the rules of its firewalls: there may be tens of thousands, and only traces read them. */
  open: { ask: { readonly transcript: Uint8Array }; answer: Model };
  draw: { ask: { readonly options: NetworkViewOptions; readonly moved: Moved }; answer: Picture };
  trace: { ask: { readonly request: TraceRequest }; answer: Trace | NotTraced };
  /** By the names as the host has them, which may not be printable. */
  target: {
    ask: { readonly netns: NamespaceId; readonly link?: LinkId };
    answer: CaptureTarget | { readonly problem: NotCapturable };
  };
  /** `undefined` where the evidence names a frame that is not in the transcript. */
  prove: {
    ask: { readonly evidence: readonly Evidence[]; readonly members: readonly string[] };
    answer: readonly Proof[];
  };
}
export type QuestionName = keyof Questions;

export interface Question<K extends QuestionName = QuestionName> {
  readonly id: number;
  readonly name: K;
  readonly ask: Questions[K]['ask'];
}
export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: Questions[QuestionName]['answer'] }
  | { readonly id: number; readonly ok: false; readonly message: string };
