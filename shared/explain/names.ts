// What a person calls an entity, in a line of text.
import type { EntityId } from '../model/id.ts';
import { programName } from '../model/program-name.ts';
import type { Process } from '../model/process.ts';
import type { Endpoint, PacketSocket, Socket, UnixSocket } from '../model/socket.ts';
import type { Texts } from './en/english.ts';
import type { LookUp } from './look-up.ts';

/** `slirp4netns[122373]` */
export const processName = (process: Process): string => `${programName(process)}[${process.pid}]`;

/** `127.0.0.1:8080`, `[::1]:8080` */
export const endpointName = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** `0.0.0.0:80 tcp`; a raw socket has a protocol for its port, a ping socket a number of its own. */
export function socketName({ protocol, local }: Socket, texts: Texts): string {
  if (protocol.startsWith('raw')) return texts.values.rawSocket(local.address, protocol, local.port);
  if (protocol.startsWith('icmp')) return texts.values.pingSocket(local.address, protocol, local.port);
  return `${endpointName(local)} ${protocol}`;
}

/** `/run/dbus/system_bus_socket unix stream` */
export const unixName = ({ name, type }: UnixSocket): string => `${name} unix ${type}`;

/** `ens5, every protocol` */
export function packetName(look: LookUp, { link, linkGone, etherType }: PacketSocket, texts: Texts): string {
  if (linkGone) return texts.values.linkGone;
  const where = link === undefined ? texts.values.everyLink : (look.links.get(link)?.name ?? link);
  return `${where}, ${texts.values.etherType(etherType)}`;
}

/** Short: to be read beside others. Undefined ids are given back as they are. */
export function nameOf(look: LookUp, id: EntityId, texts: Texts): string {
  if (id === 'host') return look.model.host.hostname;
  const process = look.processes.get(id);
  if (process) return processName(process);
  const forward = look.forwards.get(id);
  if (forward) return endpointName(forward.listen);
  const socket = look.sockets.get(id);
  if (socket) return socketName(socket, texts);
  const unix = look.unixSockets.get(id);
  if (unix) return unixName(unix);
  const packet = look.packetSockets.get(id);
  if (packet) return packetName(look, packet, texts);
  if (id.startsWith('undiscovered:')) return texts.whats.undiscovered;
  return (
    look.namespaces.get(id)?.name ??
    look.containers.get(id)?.name ??
    look.sandboxes.get(id)?.name ??
    look.links.get(id)?.name ??
    id
  );
}

/** With where it is: `vetha72457ab in RootlessKit child · ec2-user · detached`. */
export function fullName(look: LookUp, id: EntityId, texts: Texts): string {
  const link = look.links.get(id);
  const netns = link && look.namespaces.get(link.netns);
  return link && netns ? texts.values.in(link.name, netns.name) : nameOf(look, id, texts);
}
