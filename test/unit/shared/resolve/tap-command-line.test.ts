// Which network namespace and which device slirp4netns and pasta are told to serve.
import { describe, expect, it } from 'vitest';
import { tapOfPasta, tapOfSlirp4netns } from '../../../../shared/resolve/links/tap-command-line.ts';

describe('a tap server’s command line', () => {
  it.each([
    [
      'slirp4netns --mtu 65520 -r 3 --disable-host-loopback --netns-type=path /proc/9/root/run/netns tap0',
      '/proc/9/root/run/netns',
      'tap0',
    ],
    [
      'slirp4netns -c -e 3 -r 4 --netns-type=path /run/user/1000/netns/cni-1 tap0',
      '/run/user/1000/netns/cni-1',
      'tap0',
    ],
    ['slirp4netns --configure --mtu=65520 --cidr 10.1.2.0/24 4711 tap7', '4711', 'tap7'],
    ['slirp4netns 4711', '4711', 'tap0'],
  ])('%s', (argv, netns, device) => {
    expect(tapOfSlirp4netns({ argv: argv.split(' ') })).toEqual({ netns, device });
  });

  it.each([
    ['pasta --config-net --ns-ifname=tap0 --netns=/proc/9/root/x/netns', '/proc/9/root/x/netns', 'tap0'],
    ['pasta --config-net -t none -u none --netns /run/user/1000/netns/n', '/run/user/1000/netns/n', undefined],
    ['pasta.avx2 -I eth7 --config-net 4711', '4711', 'eth7'],
    // A user's service on Fedora, Podman 5.
    [
      '/usr/bin/pasta --config-net -t 8080-8080:80-80 --dns-forward 169.254.1.1 -u none -T none -U none --no-map-gw --quiet --netns /run/user/3010/netns/netns-32ef1b12-df81-1a12-d64c-dba4b64b4733 --map-guest-addr 169.254.1.2',
      '/run/user/3010/netns/netns-32ef1b12-df81-1a12-d64c-dba4b64b4733',
      undefined,
    ],
    // RootlessKit, pkg/network/pasta/pasta.go, without --detach-netns.
    [
      'pasta --stderr --ns-ifname=tap0 --mtu=65520 --config-net --address=10.0.2.100 --netmask=24 --gateway=10.0.2.2 --dns-forward=10.0.2.3 --no-map-gw --ipv4-only --tcp-ports=none --udp-ports=none 92',
      '92',
      'tap0',
    ],
    ['pasta --config-net --netns blue', '/run/netns/blue', undefined],
  ])('%s', (argv, netns, device) => {
    expect(tapOfPasta({ argv: argv.split(' ') })).toEqual({ netns, device });
  });

  it('of a slirp4netns for BESS name a socket, not a network namespace', () => {
    expect(tapOfSlirp4netns({ argv: ['slirp4netns', '--target-type=bess', '/tmp/vm.sock'] })).toBeUndefined();
    expect(tapOfSlirp4netns({ argv: ['slirp4netns', '--target-type', 'bess', '/run/netns/blue'] })).toBeUndefined();
    expect(tapOfSlirp4netns({ argv: ['slirp4netns', '--target-type=netns', '4711'] })?.netns).toBe('4711');
  });

  it('of a pasta that runs a command of its own name no namespace', () => {
    expect(tapOfPasta({ argv: ['pasta', '--config-net', '-m', '65520'] })).toBeUndefined();
    expect(tapOfPasta({ argv: ['pasta', '--config-net', '-t', '8080'] })).toBeUndefined();
    expect(tapOfPasta({ argv: ['pasta', '--config-net', '--tcp-ports', '8080'] })).toBeUndefined();
    expect(tapOfPasta({ argv: ['pasta', '--config-net', 'sleep', '4711'] })).toBeUndefined();
  });
});
