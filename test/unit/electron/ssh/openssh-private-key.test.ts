import ssh2 from 'ssh2';
import { expect, it } from 'vitest';
import { newEd25519Pair } from '../../../../electron/ssh/openssh-private-key.ts';

it('makes pairs that ssh2 reads, those that begin with a zero byte too', () => {
  for (let zeros = 0, count = 0; zeros === 0 || count < 50; count += 1) {
    const { privateKey, publicKey } = newEd25519Pair();
    if (publicKey.at(-32) !== 0 && count >= 50) continue;
    if (publicKey.at(-32) === 0) zeros += 1;
    const key = ssh2.utils.parseKey(privateKey);
    if (key instanceof Error) throw key;
    expect(key.getPublicSSH()).toEqual(publicKey);
    expect(key.verify('data', key.sign('data'))).toBe(true);
  }
});
