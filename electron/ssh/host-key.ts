// A host's public key as it travels: SSH wire format (RFC 4253 6.6), a length-prefixed name of the type first.
import { createHash } from 'node:crypto';

/** The type named inside the key, e.g. `ssh-ed25519`; empty when the bytes are no key. */
export function hostKeyType(key: Uint8Array): string {
  const bytes = Buffer.from(key);
  if (bytes.length < 4) return '';
  const length = bytes.readUInt32BE(0);
  return bytes.length < 4 + length || length > 64 ? '' : bytes.toString('latin1', 4, 4 + length);
}

/** `SHA256:` and base64 without padding, as `ssh-keygen -l` prints it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/**
 * Signature algorithms to offer, best first, without ssh-rsa: it signs with SHA-1. Types already known for a host go
 * first, or a host that also has another key would show that one and look like a stranger.
 */
export function hostKeyAlgorithms(knownTypes: readonly string[]): HostKeyAlgorithm[] {
  const known = offered.filter((algorithm) => knownTypes.includes(keyTypeOf(algorithm)));
  return [...known, ...offered.filter((algorithm) => !known.includes(algorithm))];
}

const offered = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;
export type HostKeyAlgorithm = (typeof offered)[number];

function keyTypeOf(algorithm: HostKeyAlgorithm): string {
  return algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm;
}
