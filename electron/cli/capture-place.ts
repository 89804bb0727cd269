// Where the words of a command line want packets captured, by what a model says.
import { captureTarget } from '../../shared/capture/capture-target.ts';
import type { CaptureTarget, NotCapturable } from '../../shared/capture/capture-target.ts';
import type { LinkId, NamespaceId } from '../../shared/model/id.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Namespace } from '../../shared/model/namespace.ts';
import type { CaptureCommand, CapturePlace } from './command.ts';
import { CliFailure } from './failure.ts';

type Wanted = Pick<CaptureCommand, 'place' | 'interface'>;

/** Throws CliFailure. */
export function findTarget(model: Model, { place, interface: name }: Wanted): CaptureTarget {
  const netns = place === undefined ? hostNetns(model) : netnsAt(model, place);
  const link = name === undefined ? undefined : linkIn(model, netns, name);
  const target = captureTarget(model, netns.id, link);
  if (!('problem' in target)) return target;
  const [reason, advice] = problems[target.problem];
  throw new CliFailure({ attempted: `capture in ${netns.name}`, reason, advice });
}

const problems: Readonly<Record<NotCapturable, readonly [reason: string, advice: string]>> = {
  unknown: ['It is not in the snapshot.', 'Collect the host again.'],
  'closed-netns': [
    'Its number was closed to the user that collected, so nothing could tell it from another.',
    'Collect it with sudo.',
  ],
  'name-taken': [
    'tcpdump takes that name for something else than an interface.',
    'Leave out --interface: then all are captured, this one too.',
  ],
};

function hostNetns(model: Model): Namespace {
  const id = model.host.initialNamespaces.net?.id;
  const found = model.namespaces.find((one) => one.id === id);
  if (found) return found;
  throw notFound('the host’s own network namespace', 'It was not seen.');
}

function netnsAt(model: Model, place: CapturePlace): Namespace {
  const found = [...new Set(idsAt(model, place))].flatMap(
    (id) => model.namespaces.find((one) => one.id === id && one.kind === 'net') ?? [],
  );
  const [first, second] = found;
  if (second)
    throw notFound(
      place.text,
      `It may be ${found.map(({ id, name }) => `${name} ${id}`).join(', ')}.`,
      'Say which one: --netns net:[INODE]',
    );
  if (first) return first;
  throw notFound(place.text, `There is no ${words[place.by]} ${place.text} whose network namespace was seen.`);
}

const words: Readonly<Record<CapturePlace['by'], string>> = {
  netns: 'network namespace',
  container: 'container',
  pid: 'process',
};

function idsAt(model: Model, { by, text }: CapturePlace): readonly NamespaceId[] {
  const netnsOf = (id: string | undefined): readonly NamespaceId[] => {
    const netns = model.processes.find((one) => one.id === id)?.namespaces.net;
    return netns === undefined ? [] : [netns];
  };
  switch (by) {
    case 'pid':
      return netnsOf(`process:${Number(text.replace(/^pid:/, ''))}`);
    case 'netns':
      return model.namespaces
        .filter(({ kind }) => kind === 'net')
        .filter(({ id, name, inode }) => text === id || text === name || text === String(inode))
        .map(({ id }) => id);
    case 'container':
      return model.containers
        .filter(
          ({ id, name, runtimeId }) =>
            text === name || text === id || (text.length >= 12 && runtimeId.startsWith(text)),
        )
        .flatMap(({ init, processIds }) => netnsOf(init ?? processIds[0]));
  }
}

function linkIn({ links }: Model, netns: Namespace, name: string): LinkId {
  const here = links.filter((one) => one.netns === netns.id);
  const link = here.find((one) => one.name === name) ?? here.find(({ altNames }) => altNames.includes(name));
  if (link) return link.id;
  const names = here.map((one) => one.name);
  throw notFound(
    name,
    `There is no ${name} in ${netns.name}.`,
    names.length === 0 ? 'No interface was seen there; leave out --interface.' : `There are: ${names.join(', ')}.`,
  );
}

const notFound = (
  what: string,
  reason: string,
  advice = 'nsatlas show FILE lists what is in a snapshot.',
): CliFailure => new CliFailure({ attempted: `capture: ${what}`, reason, advice });
