// A sandbox: processes with namespaces of their own that are no container.
import type { Sandbox } from '../../model/sandbox.ts';
import type { Explanation } from '../explanation.ts';
import { fact, groupsOf, limited, type Telling } from '../facts.ts';
import { processName } from '../names.ts';
import { ruleSentence } from '../rule-sentence.ts';

export function explainSandbox({ look, texts }: Telling, sandbox: Sandbox): Omit<Explanation, 'remarks'> {
  const { labels } = texts;
  const { id, kind, name, rule, evidence: at } = sandbox;
  const what = texts.sandboxKinds[kind];
  return {
    id,
    title: name,
    what,
    sentence: texts.sentences.sandbox(what, name),
    groups: groupsOf(texts, {
      identity: [
        fact(labels.kind, what, at),
        fact(labels.name, name, at, { monospace: true }),
        fact(labels.rule, ruleSentence(rule, texts), at, { rule }),
      ],
      namespaces: sandbox.namespaceIds.flatMap((own) => {
        const namespace = look.namespaces.get(own);
        return namespace
          ? [fact(texts.kindNames[namespace.kind], namespace.id, namespace.evidence, { entity: own, monospace: true })]
          : [];
      }),
      used: limited(
        texts,
        sandbox.processIds
          .flatMap((process) => look.processes.get(process) ?? [])
          .map((process) => fact(labels.process, processName(process), process.evidence, { entity: process.id })),
      ),
    }),
  };
}
