import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFlags } from '../../../../electron/main/flags.ts';

const live = { user: 'ec2-user', host: '192.0.2.1', port: 22, keyFile: '/k', knownHosts: '/h' };

describe('the app started', () => {
  it('plainly', () => {
    expect(readFlags(['nsatlas', '--no-sandbox', '/some/app'], {})).toEqual({
      demo: false,
      demoLive: undefined,
      demoOutput: undefined,
      userData: undefined,
    });
  });
  it('as a demo', () => {
    expect(readFlags(['nsatlas', '--demo'], {})).toMatchObject({ demo: true, demoOutput: undefined });
    expect(readFlags(['nsatlas', '--demo-output=out/demo'], {})).toMatchObject({
      demo: true,
      demoOutput: path.resolve('out/demo'),
    });
    expect(readFlags(['nsatlas', `--demo-live=${JSON.stringify(live)}`], {})).toMatchObject({
      demo: true,
      demoLive: live,
    });
  });
  it('with a folder of its own, by flag before environment', () => {
    expect(readFlags(['nsatlas'], { NSATLAS_USER_DATA: '/a' }).userData).toBe('/a');
    expect(readFlags(['nsatlas', '--user-data-dir=/b'], { NSATLAS_USER_DATA: '/a' }).userData).toBe('/b');
    expect(readFlags(['nsatlas'], { NSATLAS_USER_DATA: '' }).userData).toBeUndefined();
  });
  it.each(['nonsense', '{}', JSON.stringify({ ...live, port: '22' }), JSON.stringify({ ...live, password: 'x' })])(
    'with a live host that is none: %s',
    (text) => {
      expect(() => readFlags(['nsatlas', `--demo-live=${text}`], {})).toThrow(/--demo-live/);
    },
  );
});
