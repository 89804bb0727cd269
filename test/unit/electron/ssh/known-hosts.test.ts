import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprint, hostKeyAlgorithms, hostKeyType } from '../../../../electron/ssh/host-key.ts';
import {
  judgeHostKey,
  knownHostsLine,
  knownKeyTypes,
  namesHost,
  namesOfKey,
  parseKnownHosts,
} from '../../../../electron/ssh/known-hosts.ts';

// Two real Ed25519 keys and an ECDSA one, as ssh-keyscan prints them; the fingerprint is what ssh-keygen -lf says.
const one = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const two = 'AAAAC3NzaC1lZDI1NTE5AAAAIPcrNJG7nc34kYqTFqsiXfMXTDR3ZSz9y4RWzNUx9UUe';
const ecdsa =
  'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=';
const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
const entries = (...lines: readonly string[]) => parseKnownHosts(lines.join('\n'), 'known_hosts');
const judge = (lines: readonly string[], host: string, port: number, key: string) =>
  judgeHostKey(entries(...lines), host, port, bytes(key));

function hashed(name: string): string {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

describe('host keys', () => {
  it('has the type and the fingerprint that ssh-keygen prints for github.com', () => {
    expect(hostKeyType(bytes(one))).toBe('ssh-ed25519');
    expect(fingerprint(bytes(one))).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
    expect(hostKeyType(bytes(ecdsa))).toBe('ecdsa-sha2-nistp256');
    expect(hostKeyType(Buffer.from('junk'))).toBe('');
  });
  it('offers known types first and never ssh-rsa', () => {
    expect(hostKeyAlgorithms(['ssh-rsa']).slice(0, 3)).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-ed25519']);
    expect(hostKeyAlgorithms([])[0]).toBe('ssh-ed25519');
    expect(hostKeyAlgorithms(['ssh-rsa', 'ssh-dss'])).not.toContain('ssh-rsa');
    expect(hostKeyAlgorithms(['ssh-rsa'])).toHaveLength(6);
  });
});

describe('the HOSTS field', () => {
  it.each([
    ['a.example', 'a.example', true],
    ['A.Example', 'a.example', true],
    ['b,a.example,c', 'a.example', true],
    ['*.example', 'a.example', true],
    ['*.example,!a.example', 'a.example', false],
    ['!a.example', 'b.example', false],
    ['a.exampl?', 'a.example', true],
    ['a?example', 'aexample', false],
    ['[a.example]:2222', '[a.example]:2222', true],
    ['a.example', '[a.example]:2222', false],
    ['[*.example]:2222', '[a.example]:2222', true],
    ['axexample', 'a.example', false],
    ['a.example', 'axexample', false],
    [hashed('a.example'), 'a.example', true],
    [hashed('a.example'), 'b.example', false],
    [hashed('[a.example]:2222'), '[a.example]:2222', true],
    ['|2|c2FsdA==|aGFzaA==', 'a.example', false],
  ])('%s names %s: %s', (hosts, name, expected) => {
    expect(namesHost(hosts, name)).toBe(expected);
  });
});

describe('the file', () => {
  it('reads markers, tabs and CRLF, and leaves out comments and what makes no sense', () => {
    const text = `# c\r\n\r\na ssh-ed25519 ${one} comment here\r\n@revoked\t*  ssh-ed25519 ${two}\r\n@new x y z\r\nhalf ssh-rsa\r\n`;
    expect(
      parseKnownHosts(text, 'f').map(({ line, marker, hosts, keyType }) => [line, marker, hosts, keyType]),
    ).toEqual([
      [3, undefined, 'a', 'ssh-ed25519'],
      [4, 'revoked', '*', 'ssh-ed25519'],
    ]);
  });
  it('reads back what it appends', () => {
    for (const port of [22, 2222]) {
      const line = knownHostsLine('Host.Example', port, 'ssh-ed25519', bytes(one));
      expect(judge([line], 'host.example', port, one).kind).toBe('known');
    }
  });
});

describe('judging a key', () => {
  it('knows the host under its name and port', () => {
    expect(judge([`h ssh-ed25519 ${one}`], 'H', 22, one).kind).toBe('known');
    expect(judge([`[h]:2222 ssh-ed25519 ${one}`], 'h', 2222, one).kind).toBe('known');
    expect(judge([`other ssh-ed25519 ${one}`], 'h', 22, one).kind).toBe('unknown');
  });
  it('says which line holds the other key', () => {
    const verdict = judge(['# first', `h ssh-ed25519 ${two}`], 'h', 22, one);
    expect(verdict).toMatchObject({ kind: 'changed', entry: { line: 2, file: 'known_hosts' } });
  });
  it('takes any of several keys of a host', () => {
    expect(judge([`h ssh-ed25519 ${two}`, `h ssh-ed25519 ${one}`], 'h', 22, one).kind).toBe('known');
  });
  it('takes another type for a change, as OpenSSH does: the known type was asked for first', () => {
    expect(judge([`h ssh-ed25519 ${one}`], 'h', 22, ecdsa).kind).toBe('changed');
  });
  it('lets a plain name vouch for another port, but not accuse it', () => {
    expect(judge([`h ssh-ed25519 ${one}`], 'h', 2222, one).kind).toBe('known');
    expect(judge([`h ssh-ed25519 ${two}`], 'h', 2222, one).kind).toBe('unknown');
  });
  it('refuses a revoked key even where another line knows it', () => {
    const lines = [`h ssh-ed25519 ${one}`, `@revoked * ssh-ed25519 ${one}`];
    expect(judge(lines, 'h', 22, one)).toMatchObject({ kind: 'revoked', entry: { line: 2 } });
    expect(judge(lines, 'h', 2222, one).kind).toBe('revoked');
  });
  it('does not let an authority vouch or accuse', () => {
    expect(judge([`@cert-authority * ssh-ed25519 ${two}`], 'h', 22, one).kind).toBe('unknown');
    expect(judge([`@cert-authority * ssh-ed25519 ${one}`], 'h', 22, one).kind).toBe('unknown');
  });
  it('knows the types and the other names of a key', () => {
    const list = entries(
      `h ssh-ed25519 ${one}`,
      `h ssh-rsa ${two}`,
      `@revoked h ssh-dss ${two}`,
      `x,y ssh-ed25519 ${one}`,
    );
    expect(knownKeyTypes(list, 'h', 22)).toEqual(['ssh-ed25519', 'ssh-rsa']);
    expect(namesOfKey(list, bytes(one))).toEqual(['h', 'x', 'y']);
  });
});
