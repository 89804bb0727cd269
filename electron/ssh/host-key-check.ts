// Is this the host we think it is? Joins the known keys with the person who decides about unknown ones.
import { SshFailure } from './failure.ts';
import { fingerprint, hostKeyType } from './host-key.ts';
import { judgeHostKey, knownHostsName, namesOfKey } from './known-hosts.ts';
import type { KnownHost } from './known-hosts.ts';
import { nameOf } from './target.ts';
import type { SshQuestions, SshTarget } from './target.ts';

/**
 * Resolves when the key is to be trusted; `remember` is true when a person accepted it just now.
 * Rejects with SshFailure: host-key-changed, host-key-revoked, host-key-rejected.
 */
export async function checkHostKey(
  target: SshTarget,
  entries: readonly KnownHost[],
  key: Uint8Array,
  questions: SshQuestions,
): Promise<{ readonly remember: boolean }> {
  if (target.trustedHostKeys?.some((trusted) => Buffer.from(trusted).equals(key))) return { remember: false };
  const verdict = judgeHostKey(entries, target.host, target.port, key);
  switch (verdict.kind) {
    case 'known':
      return { remember: false };
    case 'changed':
      throw changed(target, verdict.entry, key);
    case 'revoked':
      throw revoked(target, verdict.entry, key);
    case 'unknown':
      break;
  }
  const accepted = await questions.unknownHostKey({
    host: target.host,
    port: target.port,
    keyType: hostKeyType(key),
    fingerprint: fingerprint(key),
    alsoKnownAs: namesOfKey(entries, key),
  });
  if (accepted) return { remember: true };
  throw new SshFailure({
    code: 'host-key-rejected',
    attempted: `connect to ${nameOf(target)}`,
    reason: `The host's key ${fingerprint(key)} was not accepted.`,
    advice:
      'Ask whoever runs the host for its fingerprint (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) and compare.',
  });
}

function changed(target: SshTarget, entry: KnownHost, key: Uint8Array): SshFailure {
  const name = knownHostsName(target.host, target.port);
  return new SshFailure({
    code: 'host-key-changed',
    attempted: `connect to ${nameOf(target)}`,
    reason:
      `The host shows another key than before. Now: ${hostKeyType(key)} ${fingerprint(key)}. ` +
      `Known: ${entry.keyType} ${fingerprint(entry.key)}, ${entry.file} line ${entry.line}. ` +
      'Nothing was sent to it.',
    advice:
      'Either the host was set up anew or its address now belongs to another machine, or somebody is in between. ' +
      "Compare the new fingerprint with the host's own. If it is right, remove the old one: " +
      `ssh-keygen -R '${name}' -f '${entry.file}'`,
  });
}

function revoked(target: SshTarget, entry: KnownHost, key: Uint8Array): SshFailure {
  return new SshFailure({
    code: 'host-key-revoked',
    attempted: `connect to ${nameOf(target)}`,
    reason: `The host's key ${fingerprint(key)} is marked @revoked in ${entry.file} line ${entry.line}.`,
    advice: 'Do not connect: somebody else may have this key. Ask whoever runs the host.',
  });
}
