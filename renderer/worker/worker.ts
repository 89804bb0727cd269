// Off the window's thread: bytes to model, model to picture, evidence to the host's own words.
import { captureTarget } from '../../shared/capture/capture-target.ts';
import { printableValue } from '../../shared/explain/printable.ts';
import { prove } from '../../shared/explain/prove.ts';
import { networkGraph } from '../../shared/graph/network-view.ts';
import { layoutGraph } from '../../shared/layout/layout.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Transcript } from '../../shared/model/transcript.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import { tracePath } from '../../shared/trace/trace.ts';
import type { Answer, Question, QuestionName, Questions } from './protocol.ts';

/** `asTheHostSays`: shares with `model` all that had nothing to change. */
let opened: { readonly transcript: Transcript; readonly model: Model; readonly asTheHostSays: Model } | undefined;

const answers: { readonly [K in QuestionName]: (ask: Questions[K]['ask']) => Questions[K]['answer'] } = {
  open({ transcript }) {
    const derived = deriveModel(transcript);
    // Names from a host are made printable before anything is drawn or said with them.
    const { transcript: read, model: asTheHostSays } = derived;
    opened = { transcript: read, model: printableValue(asTheHostSays), asTheHostSays };
    const { model } = opened;
    return { ...model, firewalls: model.firewalls.map((one) => ({ ...one, natRules: [], filterRules: [] })) };
  },
  draw({ options, moved }) {
    const graph = networkGraph(open().model, options);
    return { graph, scene: layoutGraph(graph, moved) };
  },
  trace({ request }) {
    return tracePath(open().model, request);
  },
  target({ netns, link }) {
    return captureTarget(open().asTheHostSays, netns, link);
  },
  prove({ evidence, members }) {
    const { transcript } = open();
    return evidence.map((one) => prove(transcript, one, members)).filter((proof) => proof !== undefined);
  },
};

function open(): NonNullable<typeof opened> {
  if (opened === undefined) throw new Error('No snapshot is open.');
  return opened;
}

function answer<K extends QuestionName>(question: Question<K>): Answer {
  try {
    return { id: question.id, ok: true, value: answers[question.name](question.ask) };
  } catch (error) {
    console.error(error);
    return { id: question.id, ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

self.addEventListener('message', (event: MessageEvent<Question>) => self.postMessage(answer(event.data)));
