// A process.
import { namespaceKinds } from '../../model/id.ts';
import { mainThreadEnded, namespacesIn } from '../../model/process.ts';
import type { Process } from '../../model/process.ts';
import type { Explanation, Fact } from '../explanation.ts';
import { fact, groupsOf, limited, optional, related, type Telling } from '../facts.ts';
import { endpointName, nameOf, processName } from '../names.ts';
import { mountsOf } from './mounts.ts';
import { hostnameOf, namesIn } from './names.ts';
import { rightsOf } from './process-rights.ts';
import { schedulingOf } from './process-scheduling.ts';
import { listening, talking } from './sockets.ts';

type Described = Omit<Explanation, 'remarks'>;

export function explainProcess(telling: Telling, process: Process): Described {
  const { look, texts } = telling;
  const { labels, sentences, values } = texts;
  const at = process.evidence;
  const parent = process.ppid === undefined ? undefined : look.processes.get(`process:${process.ppid}`);
  const container = process.container && look.containers.get(process.container);
  const [role] = process.roles;
  const user = process.user ?? (process.uid === undefined ? values.unknown : `uid ${process.uid}`);
  return {
    id: process.id,
    title: processName(process),
    what: process.kernelThread ? texts.whats.kernelThread : role ? texts.roleWhats[role] : texts.whats.process,
    sentence: role
      ? texts.roleSentences[role]
      : process.kernelThread
        ? sentences.kernelThread()
        : container
          ? sentences.processIn(container.name)
          : sentences.process(process.comm, user),
    groups: groupsOf(texts, {
      identity: [
        fact(labels.pid, String(process.pid), at, { monospace: true }),
        ...numbersInside(telling, process),
        ...optional(labels.arguments, process.argv.join(' '), at, { monospace: true }),
        fact(labels.user, process.user && process.uid !== undefined ? `${process.user} (${process.uid})` : user, at),
      ],
      state: [
        ...optional(labels.operState, mainThreadEnded(process) ? values.mainThreadEnded : process.state, at),
        ...frozen(telling, process),
        ...optional(labels.started, process.startedAt?.replace('T', ' ').replace('Z', ' UTC'), at),
        ...optional(labels.threads, process.threads === 1 ? undefined : process.threads, at),
        ...schedulingOf(telling, process),
        ...optional(
          labels.rootDirectory,
          process.rootDirectory?.path,
          process.rootDirectory ? [process.rootDirectory.evidence] : at,
          {
            monospace: true,
          },
        ),
        ...optional(labels.cgroup, process.cgroup, at, { monospace: true }),
        ...optional(labels.cgroup, process.cgroupVersion1, at, { monospace: true }),
      ],
      connected: connections(telling, process),
      owned: [
        ...(parent ? [fact(labels.startedBy, processName(parent), parent.evidence, { entity: parent.id })] : []),
        ...childrenOf(telling, process),
        ...(container ? [fact(labels.container, container.name, container.evidence, { entity: container.id })] : []),
      ],
      ports: [...ports(telling, process), ...listening(telling, look.socketsOf(process.id))],
      talks: talking(telling, look.socketsOf(process.id)),
      lookUps: [...hostnameOf(telling, process.namespaces.uts), ...namesIn(telling, process.namespaces.mnt)],
      // Else they are its mount namespace's.
      mounts: process.namespaces.mnt === undefined ? mountsOf(telling, process.id) : [],
      namespaces: namespacesOf(telling, process),
      rights: rightsOf(telling, process),
    }),
    tryIt: `ls -l /proc/${namespacesIn(process)}/ns/`,
  };
}

/** Of the others nothing needs to be said. */
function frozen({ texts }: Telling, { freezer }: Process): readonly Fact[] {
  if (freezer === undefined || freezer.state === 'thawed') return [];
  const { labels, values, terms } = texts;
  return [fact(labels.freezer, values.freezer[freezer.state], freezer.evidence, { hint: terms['freezer'] })];
}

/** Processes it started that run still. */
function childrenOf({ look, texts }: Telling, { pid }: Process): readonly Fact[] {
  const children = look.model.processes.filter(({ ppid, roles }) => ppid === pid && !roles.includes('collector'));
  const facts = children.map((child) =>
    fact(texts.labels.childProcesses, processName(child), child.evidence, { entity: child.id }),
  );
  return limited(texts, facts, 8);
}

/** What it is called further in: each number with the PID namespace it counts in, where all of those are known. */
function numbersInside({ look, texts }: Telling, { nsPids, numbers = [], evidence }: Process): readonly Fact[] {
  const { labels, values, terms } = texts;
  const rest = { monospace: true, hint: terms['PID namespace'] };
  if (numbers.length < nsPids.length) {
    const inner = nsPids.slice(1).join(' › ');
    return inner === '' ? [] : [fact(labels.pidInside, inner, evidence, rest)];
  }
  return numbers.slice(1).map(({ pid, namespace, certainty }) =>
    fact(labels.pidInside, values.numberIn(pid, namespace, nameOf(look, namespace, texts)), evidence, {
      ...rest,
      entity: namespace,
      ...(certainty === 'certain' ? {} : { certainty }),
    }),
  );
}

function connections(telling: Telling, { id }: Process): readonly Fact[] {
  const { look, texts } = telling;
  const { labels } = texts;
  return [
    ...look.to(id, 'served-by').map((by) => related(telling, labels.carries, by, by.from, texts.terms['tap'])),
    ...look.from(id, 'leaves-through').map((by) => related(telling, labels.leavesThrough, by, by.to)),
    ...look.from(id, 'works-for').map((by) => related(telling, labels.worksFor, by, by.to, texts.terms['RootlessKit'])),
    ...look.from(id, 'rootlesskit-child-of').map((by) => related(telling, labels.parent, by, by.to)),
    ...look.to(id, 'rootlesskit-child-of').map((by) => related(telling, labels.child, by, by.from)),
    ...limited(
      texts,
      look.to(id, 'monitored-by').map((by) => related(telling, labels.container, by, by.from)),
    ),
  ];
}

function ports({ look, texts }: Telling, { id }: Process): readonly Fact[] {
  return look.model.forwards
    .filter((forward) => forward.forwarder === id)
    .map((forward) =>
      fact(
        texts.labels.forwards,
        `${endpointName(forward.listen)} → ${endpointName(forward.target)}`,
        forward.evidence,
        {
          monospace: true,
          entity: forward.id,
          certainty: forward.certainty,
          rule: forward.rule,
        },
      ),
    );
}

/** All eight: the host's, whose else, or not to be seen. */
export function namespacesOf({ look, texts }: Telling, process: Process): readonly Fact[] {
  return namespaceKinds.map((kind) => {
    const id = process.namespaces[kind];
    const name = texts.kindNames[kind];
    if (id === undefined) return fact(name, texts.values.closed, []);
    const link = process.namespaceEvidence?.[kind];
    const by = kind === 'net' ? process.netnsBy : undefined;
    const namespace = look.namespaces.get(id);
    const shared = namespace?.role === 'host' ? texts.values.sharedWithHost : (namespace?.name ?? '');
    return fact(name, shared === '' ? id : `${id} · ${shared}`, by?.evidence ?? (link ? [link] : process.evidence), {
      ...(by && { certainty: 'certain' as const, rule: by.rule }),
      monospace: true,
      entity: id,
      hint: texts.terms[name],
    });
  });
}
