// Every namespace that anything names: who is in it, what else keeps it, its id maps.
import type { UnresolvedNamespace } from '../model/entities.ts';
import type { Evidence } from '../model/evidence.ts';
import { namespaceKinds, parseNamespaceId, processId } from '../model/id.ts';
import type { NamespaceId, NamespaceKind } from '../model/id.ts';
import type { IdMapRange, Keeper, ProcNet } from '../model/namespace.ts';
import type { FdLink } from '../parse/fd-links.ts';
import type { IdMapLine } from '../parse/id-map.ts';
import type { ListedNamespace } from '../parse/lsns.ts';
import type { NamespaceMount } from '../parse/namespace-mounts.ts';
import type { NamespaceLink } from '../parse/ns-links.ts';
import type { SocketNetns } from '../parse/socket-netns.ts';
import { leadersOf } from './leaders.ts';
import type { ProcessRow } from './process-table.ts';

interface Draft {
  readonly id: NamespaceId;
  readonly members: ProcessRow[];
  readonly keptBy: Keeper[];
  readonly evidence: Evidence[];
  readonly uidMap: IdMapRange[];
  readonly gidMap: IdMapRange[];
  listed?: ListedNamespace;
  procNet?: ProcNet;
  hostname?: string;
}

export class NamespaceTable {
  readonly #drafts = new Map<NamespaceId, Draft>();
  readonly #rows: ReadonlyMap<number, ProcessRow>;
  /** Mount namespaces of threads that are in another one than their process, by `PID/TID`. */
  readonly #ofThreads = new Map<string, NamespaceId>();

  /** `shown`: the processes that become entities; of the other `rows` no more than their PID is known. */
  constructor(shown: readonly ProcessRow[], rows: ReadonlyMap<number, ProcessRow>) {
    this.#rows = rows;
    for (const row of shown) {
      for (const kind of namespaceKinds) {
        const id = row.namespaces[kind];
        if (id !== undefined) this.#draft(id).members.push(row);
      }
    }
    for (const row of rows.values()) {
      for (const kind of namespaceKinds) {
        const id = row.namespaces[kind];
        const evidence = row.linkEvidence[kind];
        if (id !== undefined && evidence) this.mention(id, evidence);
      }
    }
  }

  has(id: NamespaceId): boolean {
    return this.#drafts.has(id);
  }

  /** Something names it: it exists, or did a moment ago. */
  mention(id: NamespaceId, evidence: Evidence): void {
    const draft = this.#draft(id);
    if (draft.members.length === 0 && draft.evidence.length === 0) draft.evidence.push(evidence);
  }

  /** Network namespaces that no link leads to. */
  addProcNet(told: ReadonlyMap<NamespaceId, ProcNet>): void {
    for (const [id, procNet] of told) this.#draft(id).procNet = procNet;
  }

  /** Links of threads and for children, where they lead elsewhere than the process's own. */
  addOtherLinks(links: readonly NamespaceLink[]): void {
    for (const { pid, tid, id, kind, forChildren, evidence } of links) {
      if (kind === 'mnt' && tid !== undefined) this.#ofThreads.set(`${pid}/${tid}`, id);
      if (this.#rows.get(pid)?.namespaces[kind] === id) continue;
      const process = processId(pid);
      this.#draft(id).keptBy.push(
        forChildren || tid === undefined
          ? { by: 'for-children', process, evidence: [evidence] }
          : { by: 'thread', process, tid, evidence: [evidence] },
      );
    }
  }

  addDescriptors(by: 'socket' | 'tun', links: readonly SocketNetns[]): void {
    for (const { pid, fd, id, evidence } of links) {
      this.#draft(id).keptBy.push({ by, process: processId(pid), fd, evidence: [evidence] });
    }
  }

  /**
   * What lsns says of the namespaces that are known, of those that nobody is in, and of owners and parents up to the first.
   * The others it lists came meanwhile, with their processes.
   */
  addListed(listed: ReadonlyMap<NamespaceId, ListedNamespace>): void {
    const waiting = [...listed.values()].filter(({ id, processes }) => processes === 0 || this.has(id));
    const seen = new Set(waiting.map(({ id }) => id));
    for (let one = waiting.pop(); one; one = waiting.pop()) {
      this.mention(one.id, one.evidence);
      this.#draft(one.id).listed = one;
      for (const related of [one.owner, one.parent]) {
        if (related === undefined || seen.has(related)) continue;
        seen.add(related);
        this.mention(related, one.evidence);
        const next = listed.get(related);
        if (next) waiting.push(next);
      }
    }
    this.#addKeepingNamespaces();
    for (const { id, members, keptBy, listed: said } of this.#drafts.values()) {
      if (!said || said.processes > 0 || members.length > 0 || keptBy.length > 0) continue;
      this.#draft(id).keptBy.push({ by: 'lsns', evidence: [said.evidence] });
    }
  }

  /** A namespace that nobody is in may live by those it is the parent or the owner of. */
  #addKeepingNamespaces(): void {
    for (const { id, listed } of [...this.#drafts.values()]) {
      if (!listed) continue;
      const keep = (kept: NamespaceId | undefined, as: 'parent' | 'owner') => {
        const draft = kept === undefined ? undefined : this.#drafts.get(kept);
        if (draft?.members.length === 0)
          draft.keptBy.push({ by: 'namespace', namespace: id, as, evidence: [listed.evidence] });
      };
      keep(listed.parent, 'parent');
      if (listed.owner !== listed.parent) keep(listed.owner, 'owner');
    }
  }

  addFds(links: readonly FdLink[]): void {
    const seen = new Set<string>();
    for (const link of links) {
      if (link.to !== 'namespace') continue;
      // Most threads have the table of their process.
      const key = `${link.pid}/${link.fd} ${link.id}`;
      if (seen.has(key)) continue;
      seen.add(key);
      this.#draft(link.id).keptBy.push({
        by: 'fd',
        process: processId(link.pid),
        ...(link.tid !== undefined && { tid: link.tid }),
        fd: link.fd,
        evidence: [link.evidence],
      });
    }
  }

  /**
   * One keeper for a mount point, though copies of it may be in many mount namespaces: that of the collector's own
   * where it is there, else the first that is not covered.
   */
  addMounts(mounts: readonly NamespaceMount[], own: NamespaceId | undefined): void {
    const best = new Map<string, { readonly mount: NamespaceMount; readonly rank: number }>();
    for (const mount of mounts) {
      const here = own !== undefined && this.mountNamespaceOf(mount) === own;
      const rank = (mount.covered ? 0 : 2) + (here ? 1 : 0);
      const key = `${mount.id} ${mount.mountPoint}`;
      if (rank > (best.get(key)?.rank ?? -1)) best.set(key, { mount, rank });
    }
    const reachable = new Map<NamespaceId, string>();
    const pathTo = (mount: NamespaceMount, mountNamespace: NamespaceId | undefined): string =>
      own !== undefined && mountNamespace === own ? mount.mountPoint : `${folderOf(mount)}/root${mount.mountPoint}`;
    for (const { mount } of best.values()) {
      if (mount.covered || reachable.has(mount.id)) continue;
      reachable.set(mount.id, pathTo(mount, this.mountNamespaceOf(mount)));
    }
    for (const { mount } of best.values()) {
      const mountNamespace = this.mountNamespaceOf(mount);
      // A covered mount keeps the namespace, but its own path leads elsewhere.
      const reachableAs = mount.covered ? reachable.get(mount.id) : pathTo(mount, mountNamespace);
      this.#draft(mount.id).keptBy.push({
        by: 'mount',
        path: mount.mountPoint,
        mountNamespace,
        ...(mount.covered && { covered: true }),
        ...(reachableAs !== undefined && { reachableAs }),
        evidence: [mount.evidence],
      });
    }
  }

  /** Of a process, or of one thread; undefined where it is closed to us. */
  mountNamespaceOf({ pid, tid }: Pick<NamespaceMount, 'pid' | 'tid'>): NamespaceId | undefined {
    return tid === undefined ? this.#rows.get(pid)?.namespaces.mnt : this.#ofThreads.get(`${pid}/${tid}`);
  }

  addIdMaps(lines: readonly IdMapLine[]): void {
    const readFrom = new Map<string, number>();
    for (const { pid, of, range, evidence } of lines) {
      const id = this.#rows.get(pid)?.namespaces.user;
      if (id === undefined) continue;
      // One process speaks for its user namespace.
      const key = `${id} ${of}`;
      if ((readFrom.get(key) ?? pid) !== pid) continue;
      readFrom.set(key, pid);
      const draft = this.#draft(id);
      const map = of === 'uid' ? draft.uidMap : draft.gidMap;
      if (map.some(({ inside }) => inside === range.inside)) continue;
      map.push(range);
      draft.evidence.push(evidence);
    }
  }

  addHostnames(names: ReadonlyMap<NamespaceId, { readonly hostname: string; readonly evidence: Evidence }>): void {
    for (const [id, { hostname, evidence }] of names) {
      const draft = this.#draft(id);
      draft.hostname = hostname;
      draft.evidence.push(evidence);
    }
  }

  entities(): readonly UnresolvedNamespace[] {
    return [...this.#drafts.values()].flatMap((draft) => {
      const parsed = parseNamespaceId(draft.id);
      if (parsed) return [this.#entity(draft, parsed.kind, parsed.inode)];
      return draft.procNet ? [this.#entity(draft, 'net')] : [];
    });
  }

  #entity(draft: Draft, kind: NamespaceKind, inode?: number): UnresolvedNamespace {
    const { id } = draft;
    const leaders = leadersOf(draft.members, kind, id, this.#rows);
    // One whose own link says it, where there is such.
    const told = ({ netnsBy }: ProcessRow): boolean => kind !== 'net' || netnsBy === undefined;
    const speaker = leaders.find(told) ?? draft.members.find(told) ?? leaders[0];
    const leaderEvidence = speaker?.linkEvidence[kind];
    const keeperEvidence = draft.keptBy[0]?.evidence ?? [];
    return {
      id,
      kind,
      ...(inode !== undefined && { inode }),
      ...(draft.procNet && { procNet: draft.procNet }),
      processIds: draft.members.map(({ pid }) => processId(pid)),
      leaderIds: leaders.map(({ pid }) => processId(pid)),
      keptBy: draft.keptBy,
      // The owner of a user namespace is its parent, which is told once.
      ...(draft.listed?.owner !== undefined && kind !== 'user' && { owner: draft.listed.owner }),
      ...(draft.listed?.parent !== undefined && { parent: draft.listed.parent }),
      ...(draft.listed?.ownerUid !== undefined && { ownerUid: draft.listed.ownerUid }),
      ...(draft.listed && { relatedBy: draft.listed.evidence }),
      ...(draft.uidMap.length > 0 && { uidMap: draft.uidMap }),
      ...(draft.gidMap.length > 0 && { gidMap: draft.gidMap }),
      ...(draft.hostname !== undefined && { hostname: draft.hostname }),
      evidence: [...(leaderEvidence ? [leaderEvidence] : keeperEvidence), ...draft.evidence],
    };
  }

  #draft(id: NamespaceId): Draft {
    const known = this.#drafts.get(id);
    if (known) return known;
    const made: Draft = { id, members: [], keptBy: [], evidence: [], uidMap: [], gidMap: [] };
    this.#drafts.set(id, made);
    return made;
  }
}

const folderOf = ({ pid, tid }: NamespaceMount): string =>
  tid === undefined ? `/proc/${pid}` : `/proc/${pid}/task/${tid}`;
