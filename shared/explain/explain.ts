// What a thing is and how we know: one explanation for whatever can be selected.
import type { EntityId } from '../model/id.ts';
import type { Model } from '../model/model.ts';
import { english, type Texts } from './en/english.ts';
import type { Explanation } from './explanation.ts';
import type { Telling } from './facts.ts';
import { lookUp } from './look-up.ts';
import { explainContainer } from './things/container.ts';
import { explainLink } from './things/link.ts';
import { explainNamespace } from './things/namespace.ts';
import { explainHost, explainRelation, explainUndiscovered } from './things/others.ts';
import { explainSandbox } from './things/sandbox.ts';
import { explainForward } from './things/ports.ts';
import { explainProcess } from './things/process.ts';
import { explainPacketSocket, explainSocket, explainUnixSocket } from './things/socket.ts';

/** `id` is an entity's or a relation's; `undefined` for one the model does not have. */
export function explain(model: Model, id: string, texts: Texts = english): Explanation | undefined {
  const telling: Telling = { look: lookUp(model), texts };
  const described = describe(telling, id);
  return described && { ...described, remarks: remarksOn(telling, id) };
}

function describe(telling: Telling, id: string): Omit<Explanation, 'remarks'> | undefined {
  const { look } = telling;
  if (id === 'host') return explainHost(telling);
  const namespace = look.namespaces.get(id);
  if (namespace) return explainNamespace(telling, namespace);
  const process = look.processes.get(id);
  if (process) return explainProcess(telling, process);
  const link = look.links.get(id);
  if (link) return explainLink(telling, link);
  const container = look.containers.get(id);
  if (container) return explainContainer(telling, container);
  const sandbox = look.sandboxes.get(id);
  if (sandbox) return explainSandbox(telling, sandbox);
  const forward = look.forwards.get(id);
  if (forward) return explainForward(telling, forward);
  const relation = look.relations.get(id);
  if (relation) return explainRelation(telling, relation);
  const socket = look.sockets.get(id);
  if (socket) return explainSocket(telling, socket);
  const unix = look.unixSockets.get(id);
  if (unix) return explainUnixSocket(telling, unix);
  const packet = look.packetSockets.get(id);
  if (packet) return explainPacketSocket(telling, packet);
  return id.startsWith('undiscovered:') ? explainUndiscovered(telling, id as EntityId) : undefined;
}

function remarksOn({ look, texts }: Telling, id: string): Explanation['remarks'] {
  return look.model.findings
    .filter((finding) => (finding.subjects as readonly string[]).includes(id))
    .map((finding) => {
      const worded = texts.finding(finding);
      const advice = worded ? worded.advice : finding.advice;
      return {
        kind: finding.kind,
        text: worded?.text ?? finding.message,
        ...(advice === undefined ? {} : { advice }),
        evidence: finding.evidence,
      };
    });
}
