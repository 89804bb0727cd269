// What a person calls an entity, in a line of text.
import type { EntityId } from '../model/id.ts';
import { programName } from '../model/program-name.ts';
import type { Process } from '../model/process.ts';
import type { Endpoint } from '../model/socket.ts';
import type { Texts } from './en/english.ts';
import type { LookUp } from './look-up.ts';

/** `slirp4netns[122373]` */
export const processName = (process: Process): string => `${programName(process)}[${process.pid}]`;

/** `127.0.0.1:8080`, `[::1]:8080` */
export const endpointName = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** Short: to be read beside others. Undefined ids are given back as they are. */
export function nameOf(look: LookUp, id: EntityId, texts: Texts): string {
  if (id === 'host') return look.model.host.hostname;
  const process = look.processes.get(id);
  if (process) return processName(process);
  const forward = look.forwards.get(id);
  if (forward) return endpointName(forward.listen);
  const socket = look.sockets.get(id);
  if (socket) return `${socket.protocol} ${endpointName(socket.local)}`;
  if (id.startsWith('undiscovered:')) return texts.whats.undiscovered;
  return look.namespaces.get(id)?.name ?? look.containers.get(id)?.name ?? look.links.get(id)?.name ?? id;
}

/** With where it is: `vetha72457ab in RootlessKit child · ec2-user · detached`. */
export function fullName(look: LookUp, id: EntityId, texts: Texts): string {
  const link = look.links.get(id);
  const netns = link && look.namespaces.get(link.netns);
  return link && netns ? texts.values.in(link.name, netns.name) : nameOf(look, id, texts);
}
