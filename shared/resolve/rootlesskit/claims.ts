// Whose each state directory is. A process names its own, and may name another's: with two parents a forward would have two
// forwarders, one of them false. One path is one directory only in one mount namespace.
import type { RootlessKitState, UnresolvedProcess } from '../../model/entities.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { NamespaceId } from '../../model/id.ts';
import { grouped, type Known, type Pass } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { finding } from '../relation.ts';

/** Those that later passes may rely on: one for each state directory. */
export const rootlessKitClaims: Pass = {
  name: 'rootlesskit state directories',
  run: (known) => {
    const accepted: RootlessKitState[] = [];
    const findings: Finding[] = [];
    for (const claims of directories(known)) {
      if (claims.length === 1) {
        accepted.push(...claims);
        continue;
      }
      const proof = proven(claims, known);
      if (proof) accepted.push(proof.kit);
      findings.push(proof ? claimedByOthers(claims, proof, known) : undecided(claims, known));
    }
    return { rootlessKits: accepted, findings };
  },
};

/** The claims to one directory each. One whose mount namespace is closed to us may mean the same as any other. */
function directories(known: Known): readonly (readonly RootlessKitState[])[] {
  return [...grouped(known.entities.rootlessKits, ({ stateDir }) => stateDir).values()].flatMap((claims) => {
    const places = grouped(claims, (claim) => mountNamespaceOf(claim, known));
    return places.has(undefined) ? [claims] : [...places.values()];
  });
}

const mountNamespaceOf = ({ parent }: RootlessKitState, { index }: Known): NamespaceId | undefined =>
  index.process.get(parent)?.namespaces.mnt;

interface Proof {
  readonly kit: RootlessKitState;
  /** What it does, as a clause. */
  readonly how: string;
  readonly evidence: readonly Evidence[];
}

function proven(claims: readonly RootlessKitState[], known: Known): Proof | undefined {
  return byListening(claims, known) ?? byChild(claims, known);
}

/** Who listens on the api.sock, by the kernel's tables. */
function byListening(claims: readonly RootlessKitState[], { entities }: Known): Proof | undefined {
  const found = claims.flatMap((kit): readonly Proof[] => {
    const socket = entities.unixSockets.find(
      ({ state, name, processIds }) =>
        state === 'LISTEN' && name === `${kit.stateDir}/api.sock` && processIds.includes(kit.parent),
    );
    return socket ? [{ kit, how: 'listens on the api.sock in it', evidence: socket.evidence }] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** All name one child, as the file child_pid says it: the kernel says who started that. */
function byChild(claims: readonly RootlessKitState[], { index }: Known): Proof | undefined {
  const [id, ...others] = new Set(claims.map(({ child }) => child));
  const child = id && index.process.get(id);
  if (!child || others.length > 0) return undefined;
  const kit = claims.find(({ parent }) => parent === `process:${child.ppid}`);
  return kit && { kit, how: 'started the child that it names', evidence: saidIn(child, 'status') };
}

function claimedByOthers(claims: readonly RootlessKitState[], { kit, how, evidence }: Proof, known: Known): Finding {
  const others = claims.filter((one) => one !== kit);
  return finding('note', 'rootlesskit.claimed-by-others', [...others.map(({ parent }) => parent), kit.parent], {
    message:
      `${listed(others, known)} ${others.length === 1 ? 'names' : 'name'} ${kit.stateDir} as state directory, but that is ` +
      `RootlessKit’s with PID ${pidOf(kit)}, which ${how}.`,
    values: { stateDir: kit.stateDir, pid: pidOf(kit), others: others.map(pidOf).join(', ') },
    evidence: [...evidence, ...saidBy(claims, known)],
  });
}

function undecided(claims: readonly RootlessKitState[], known: Known): Finding {
  const stateDir = claims[0]?.stateDir ?? '';
  return finding(
    'ambiguous',
    'rootlesskit.several-parents',
    claims.map(({ parent }) => parent),
    {
      message: `${listed(claims, known)} each name ${stateDir} as RootlessKit’s state directory, and nothing that was seen tells whose it is: ports and namespaces it speaks of are left out.`,
      advice: 'Who listens on its api.sock shows to the user who runs RootlessKit, and to root.',
      values: { stateDir, pids: claims.map(pidOf).join(', ') },
      evidence: [...claims.flatMap((claim) => claim.evidence), ...saidBy(claims, known)],
    },
  );
}

const pidOf = ({ parent }: RootlessKitState): string => parent.slice('process:'.length);

function listed(claims: readonly RootlessKitState[], { index }: Known): string {
  const names = claims.map((claim) => {
    const user = index.process.get(claim.parent)?.user;
    return user === undefined ? pidOf(claim) : `${pidOf(claim)} (${user})`;
  });
  const last = names.at(-1) ?? '';
  return names.length > 1 ? `Processes ${names.slice(0, -1).join(', ')} and ${last}` : `Process ${last}`;
}

const saidBy = (claims: readonly RootlessKitState[], { index }: Known): readonly Evidence[] =>
  claims.flatMap(({ parent }) => {
    const process: UnresolvedProcess | undefined = index.process.get(parent);
    return process ? saidIn(process, 'cmdline') : [];
  });
