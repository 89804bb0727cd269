// What keeps a namespace alive besides the processes in it.
import type { Keeper } from '../../model/namespace.ts';
import type { Fact } from '../explanation.ts';
import { fact, type Telling } from '../facts.ts';
import { nameOf } from '../names.ts';

export function keeperFact({ look, texts }: Telling, keeper: Keeper): Fact {
  const { labels, terms, values } = texts;
  if (keeper.by === 'mount') {
    const where = keeper.mountNamespace && nameOf(look, keeper.mountNamespace, texts);
    const path = where ? values.path(keeper.path, where) : keeper.path;
    return fact(labels.mounted, keeper.covered ? `${path} · ${values.covered}` : path, keeper.evidence, {
      monospace: true,
      hint: keeper.covered ? terms['covered mount'] : terms['bind mount'],
      ...(keeper.mountNamespace === undefined ? {} : { entity: keeper.mountNamespace }),
    });
  }
  if (keeper.by === 'lsns') return fact(labels.keptBy, values.unknown, keeper.evidence);
  if (keeper.by === 'namespace') {
    const label = keeper.as === 'parent' ? labels.parentOf : labels.ownerOf;
    const name = nameOf(look, keeper.namespace, texts);
    return fact(label, name === keeper.namespace ? name : `${name} · ${keeper.namespace}`, keeper.evidence, {
      entity: keeper.namespace,
      hint: terms[keeper.as],
    });
  }
  const entity = keeper.process;
  const process = nameOf(look, entity, texts);
  switch (keeper.by) {
    case 'thread':
      return fact(labels.thread, values.thread(keeper.tid, process), keeper.evidence, { entity });
    case 'for-children':
      return fact(labels.childrenOnly, process, keeper.evidence, { entity });
    case 'fd':
      return fact(labels.heldBy, values.fd(keeper.fd, process), keeper.evidence, { entity });
    case 'socket':
      return fact(labels.socket, values.fd(keeper.fd, process), keeper.evidence, { entity });
    case 'tun':
      return fact(labels.tunDescriptor, values.fd(keeper.fd, process), keeper.evidence, { entity });
  }
}
