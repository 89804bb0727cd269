// Writes an Ed25519 key in OpenSSH's own format, the only one ssh2 reads for that type.
//
// Format (PROTOCOL.key of OpenSSH): "openssh-key-v1\0", string cipher, string kdf, string kdf options, uint32 1,
// string public key, string private part; the private part is two equal uint32, the key, a comment, and the bytes
// 1, 2, 3 … up to a multiple of 8. A string is a uint32 length and its bytes.
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface KeyPair {
  /** OpenSSH's format, not encrypted. */
  readonly privateKey: string;
  /** SSH wire format. */
  readonly publicKey: Buffer;
}

/** A new pair. ssh2's own generator makes one pair in 256 that it cannot read itself: it drops a leading zero byte. */
export function newEd25519Pair(): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = privateKey.export({ format: 'jwk' });
  const publicKey = Buffer.concat([string(type), string(Buffer.from(x, 'base64url'))]);
  return { privateKey: opensshEd25519(privateKey), publicKey };
}

/** PEM, not encrypted: it stays in memory. Throws when `key` is no Ed25519 private key. */
export function opensshEd25519(key: KeyObject): string {
  const { d, x, crv } = key.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || d === undefined || x === undefined) throw new TypeError('not an Ed25519 private key');
  const publicPart = Buffer.from(x, 'base64url');
  const publicKey = Buffer.concat([string(type), string(publicPart)]);
  const none = string(Buffer.from('none'));
  const check = Buffer.alloc(8);
  const secret = string(Buffer.concat([Buffer.from(d, 'base64url'), publicPart]));
  const privatePart = pad(Buffer.concat([check, publicKey, secret, string(Buffer.alloc(0))]));
  const all = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    none,
    none,
    string(Buffer.alloc(0)),
    Buffer.from([0, 0, 0, 1]),
    string(publicKey),
    string(privatePart),
  ]);
  const lines = all.toString('base64').match(/.{1,70}/g) ?? [];
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

const type = Buffer.from('ssh-ed25519');

function string(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function pad(bytes: Buffer): Buffer {
  const missing = (8 - (bytes.length % 8)) % 8;
  return Buffer.concat([bytes, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}
