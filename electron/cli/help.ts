// What --help prints. Made to fit 80 columns.
import type { CommandName } from './command.ts';

const general = `nsatlas: the atlas of a Linux host's namespaces

Usage: nsatlas COMMAND [ARGUMENTS]

  collect   ask a host, keep what it answered as a snapshot file
  show      what a snapshot says, as text or JSON
  trace     the path of a packet from one place in it to another
  capture   packets in one of a host's network namespaces, to a pcap file
  export    the picture of a snapshot's network, as SVG or PNG
  script    print the script that is run on a host

  nsatlas COMMAND --help   more about one of them
  nsatlas --version

On the host it only reads: nothing is installed, written or changed there.
capture runs the host's own tcpdump while it lasts.

Example:
  nsatlas collect ec2-user@192.0.2.1 -i key.pem -o host.nsatlas
  nsatlas show host.nsatlas
  nsatlas trace host.nsatlas nginx internet
  nsatlas export host.nsatlas -o host.svg

Exit status: 0 done, 1 failed, 2 not a command line that makes sense,
3 collected, but parts of the host could not be seen.
`;

const collect = `Asks a host, keeps what it answered as a snapshot file.

Usage: nsatlas collect [USER@]HOST [OPTIONS] -o FILE    over SSH
       nsatlas collect --local [--sudo HOW] -o FILE     from this machine
       nsatlas collect --transcript FILE -o FILE        without asking anybody

  -o, --output FILE         the snapshot (*.nsatlas); - is standard output
      --sudo HOW            never: as the login user, the default
                            try: as root where sudo needs no password
                            ask: as root, asking for the password
      --transcript FILE     output of the script (nsatlas script), run by
                            other means; - is standard input

Over SSH:
  -p, --port PORT           22 unless told
  -i, --identity KEY        a private key file, and no other way. Without it
                            the agent (SSH_AUTH_SOCK), then ~/.ssh/id_ed25519,
                            id_ecdsa, id_rsa, then a password
      --known-hosts FILE    host keys are looked up in this file alone, and
                            accepted ones kept in it. Without it, those of
                            ~/.ssh and /etc/ssh are read, and accepted ones
                            kept in nsatlas's own
      --accept-new-host-key trust a host that is not known yet. One whose key
                            has changed is refused all the same

Passphrases and passwords are asked for on the terminal. Ctrl+C ends the run,
on the host too.

Exit status: 0 all was seen, 3 the snapshot is saved but says what could not be
seen (nsatlas show FILE), 1 nothing was collected, 2 wrong usage.

Examples:
  nsatlas collect ec2-user@192.0.2.1 -i key.pem -o host.nsatlas
  ssh host sh -s < collect.sh | nsatlas collect --transcript - -o host.nsatlas
`;

const show = `What a snapshot says.

Usage: nsatlas show FILE [--format text|json]

  FILE             a snapshot (*.nsatlas); - is standard input
      --format     text, the default: to be read, and to be compared by diff
                   json: all of the model (shared/model/model.schema.json)
`;

const trace = `The path of a packet, hop by hop, as the host's kernel would send it by what
a snapshot says: routes, policy rules, firewall, wires, bridges, forwarders.

Usage: nsatlas trace FILE FROM TO [OPTIONS]

  FILE             a snapshot (*.nsatlas); - is standard input
  FROM             a container's name, a PID, a network namespace (its name or
                   net:[INODE]), or outside: from the network, at the host
  TO               an address, or one of these, with or without :PORT; or
                   internet
      --protocol   tcp, udp or icmp; tcp where there is a port
      --port N     that it is sent to; else the one that TO listens on, where
                   that is one
      --json       as JSON: paths, and for each hop what happens, how sure that
                   is, where the host says it, and what could not be decided

A hop without a mark is certain; ~ inferred, or something could not be decided
on the way to it; ? one of several possibilities. It is the first packet of a
connection, from a socket that is bound to no device and sets no mark.

Examples:
  nsatlas trace host.nsatlas redis-3f1c9 nginx-d8e2d:80
  nsatlas trace host.nsatlas host 127.0.0.1:8080
  nsatlas trace host.nsatlas 1234 internet --port 443
`;

const capture = `Captures packets in one of a host's network namespaces, with the host's tcpdump.

Usage: nsatlas capture [USER@]HOST [PLACE] [OPTIONS] -o FILE    over SSH
       nsatlas capture --local [PLACE] [OPTIONS] -o FILE        this machine

  -o, --output FILE         the capture (pcap); - is standard output

Where; without one of these, in the host's own network namespace:
      --netns ID            net:[INODE], the inode, or its name
      --container NAME      the network namespace a container is in
      --pid PID             the one a process is in
      --interface NAME      one interface there; without it, all of them

What:
      --filter EXPRESSION   as tcpdump takes it (man pcap-filter)
      --snaplen N           bytes kept of each packet; all unless told
      --include-own         with the packets of this SSH connection, which are
                            left out unless told

How much; without these, until Ctrl+C:
      --packets N
      --seconds N
      --bytes N             of the file

      --snapshot FILE       a snapshot (*.nsatlas) of this host that tells where
                            everything is; without it the host is asked first.
                            What has changed since is noticed and refused

Packets take root, or a user namespace of one's own:
      --sudo HOW            never, try or ask, as with collect

Over SSH also -p, -i, --known-hosts and --accept-new-host-key, as with collect.
Nothing is installed on the host, no file is written there, and when it ends
nothing of it is left. What was captured before a failure is kept.

Exit status: 0 captured, also when Ctrl+C ended it; 1 failed, or broke off (the
file has what came before); 2 wrong usage.

Examples:
  nsatlas capture root@host --container nginx-d8e2d -o nginx.pcap
  nsatlas capture ec2-user@host --sudo try --interface ens5 --seconds 60 \\
    --filter 'udp port 53' -o dns.pcap
  nsatlas capture root@host --pid 4211 -o - | wireshark -k -i -
`;

const exporting = `The picture of a snapshot's network, as it is first on the screen.

Usage: nsatlas export FILE -o PICTURE.svg|PICTURE.png [OPTIONS]

  FILE                a snapshot (*.nsatlas); - is standard input
  -o, --output FILE   the picture; - is standard output, with --format
      --format        svg or png, where the name does not say
      --theme         light, the default, or dark
      --background    theme, the default, or transparent
      --scale N       pixels of a PNG for one of the SVG; 2 unless told
      --no-legend     without what the lines mean
      --no-title      without the host's name and the time
      --show-loopback with the interface lo of every network namespace
`;

const script = `Prints the script that is run on a host: POSIX sh, reads only.

Usage: nsatlas script > collect.sh

It may be run by any other means, as any user, and its output be given to
nsatlas collect --transcript.
`;

const about: Readonly<Record<CommandName, string>> = {
  collect,
  show,
  trace,
  capture,
  export: exporting,
  script,
};

/** Ends with a newline. */
export const help = (command: CommandName | undefined): string => (command === undefined ? general : about[command]);
