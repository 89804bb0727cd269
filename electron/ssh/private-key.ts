// A private key's file: read, recognised, unlocked, and turned into what ssh2 reads.
//
// ssh2 1.17 reads OpenSSH's format. PEM (PKCS#1, SEC 1, PKCS#8; RFC 7468) goes through Node's crypto, which reads all of
// them and knows a wrong passphrase from a damaged file. PuTTY's version 3 is read by neither.
import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import ssh2 from 'ssh2';
import { SshFailure } from './failure.ts';
import { opensshEd25519 } from './openssh-private-key.ts';

/** What ssh2 is given. */
export interface UnlockedKey {
  readonly key: string;
  readonly passphrase?: string;
}

export interface LockedKey {
  readonly keyFile: string;
  readonly encrypted: boolean;
  /** `undefined` when the passphrase is wrong. Throws SshFailure (key-format) when the key's kind cannot be used. */
  readonly unlock: (passphrase?: string) => UnlockedKey | undefined;
}

/** Larger than any key; somebody chose another file. */
const longest = 64 * 1024;

/** Reads and recognises; asks nothing. Rejects with SshFailure: key-unreadable, key-format. */
export async function readPrivateKey(keyFile: string): Promise<LockedKey> {
  const text = (await readKeyFile(keyFile)).replace(/\r\n/g, '\n').trim();
  if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) return opensshKey(keyFile, text);
  if (/-----BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY-----/.test(text)) return pemKey(keyFile, text);
  throw unusable(keyFile, ...whatItIs(text, keyFile));
}

/** `~/` is the home folder, as a person would type it. */
async function readKeyFile(keyFile: string): Promise<string> {
  const file = keyFile.replace(/^~(?=[/\\])/, homedir());
  const failed = (reason: string, cause?: unknown): SshFailure =>
    new SshFailure(
      {
        code: 'key-unreadable',
        attempted: `read the private key ${keyFile}`,
        reason,
        advice: 'Choose the key file again, or let an ssh agent hold the key.',
      },
      cause,
    );
  try {
    const found = await stat(file);
    if (!found.isFile()) throw failed('It is not a file.');
    if (found.size > longest) throw failed('It is too large to be a key.');
    return await readFile(path.resolve(file), 'utf8');
  } catch (error) {
    if (error instanceof SshFailure) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw failed('There is no such file.', error);
    throw failed(code === 'EACCES' ? 'You may not read it.' : `It cannot be read (${code ?? String(error)}).`, error);
  }
}

function opensshKey(keyFile: string, text: string): LockedKey {
  const parsed = ssh2.utils.parseKey(text);
  const encrypted = parsed instanceof Error && /no passphrase given/.test(parsed.message);
  if (parsed instanceof Error && !encrypted) throw unusable(keyFile, ...whatSsh2Says(parsed.message, keyFile));
  return {
    keyFile,
    encrypted,
    unlock: (passphrase = '') => {
      if (!encrypted) return { key: text };
      if (passphrase === '') return undefined;
      const unlocked = ssh2.utils.parseKey(text, passphrase);
      if (!(unlocked instanceof Error)) return { key: text, passphrase };
      if (/bad passphrase|integrity check/i.test(unlocked.message)) return undefined;
      throw unusable(keyFile, ...whatSsh2Says(unlocked.message, keyFile));
    },
  };
}

function pemKey(keyFile: string, text: string): LockedKey {
  const encrypted = text.includes('ENCRYPTED');
  const open = (passphrase: string | undefined): KeyObject =>
    createPrivateKey(passphrase === undefined ? text : { key: text, passphrase });
  return {
    keyFile,
    encrypted,
    unlock: (passphrase) => {
      try {
        return { key: toSsh2(open(encrypted ? (passphrase ?? '') : undefined), keyFile) };
      } catch (error) {
        if (error instanceof SshFailure) throw error;
        if (encrypted) return undefined;
        throw unusable(keyFile, 'It is damaged or of an unknown kind.', `Look at it with: ssh-keygen -yf '${keyFile}'`);
      }
    },
  };
}

function toSsh2(key: KeyObject, keyFile: string): string {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    case 'ed25519':
      return opensshEd25519(key);
    default:
      throw unusable(
        keyFile,
        `Keys of type ${key.asymmetricKeyType ?? 'unknown'} are not supported.`,
        'Use an Ed25519, ECDSA or RSA key: ssh-keygen -t ed25519',
      );
  }
}

type ReasonAndAdvice = readonly [reason: string, advice: string];

function whatItIs(text: string, keyFile: string): ReasonAndAdvice {
  if (text.startsWith('PuTTY-User-Key-File-'))
    return [
      'It is a key of PuTTY.',
      `Convert a copy, then choose that: puttygen '${keyFile}' -O private-openssh -o '${keyFile.replace(/\.ppk$/i, '')}'. ` +
        'In the PuTTYgen window: Conversions, Export OpenSSH key.',
    ];
  if (/^(ssh-|ecdsa-|sk-)[^\n]+ AAAA/.test(text) || /BEGIN (SSH2 )?PUBLIC KEY/.test(text))
    return ['It is the public half of a key.', 'Choose the file of the same name without .pub.'];
  if (text.includes('BEGIN DSA PRIVATE KEY'))
    return ['DSA keys are no longer accepted by any current host.', 'Make a new one: ssh-keygen -t ed25519'];
  return ['It is not a private key.', 'Choose a file that begins with -----BEGIN … PRIVATE KEY-----.'];
}

function whatSsh2Says(message: string, keyFile: string): ReasonAndAdvice {
  if (/type: sk-/.test(message))
    return ['It belongs to a security key (FIDO).', 'Those are not supported yet: use another key for this host.'];
  if (/cipher|initialization vector/i.test(message))
    return [
      'It is encrypted with a cipher that is not supported here.',
      `Encrypt a copy anew, then choose that: ssh-keygen -p -Z aes256-ctr -f '${keyFile}'`,
    ];
  return [`It cannot be used: ${message}.`, `Look at it with: ssh-keygen -yf '${keyFile}'`];
}

function unusable(keyFile: string, reason: string, advice: string): SshFailure {
  return new SshFailure({ code: 'key-format', attempted: `read the private key ${keyFile}`, reason, advice });
}
