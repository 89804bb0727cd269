# Makes a tap or tun in the network namespace it is started in, and becomes COMMAND, which holds it open.
# perl because it is in every Debian and can do an ioctl: linux/if_tun.h, TUNSETIFF with a struct ifreq.
#
# usage: perl hold-tap.pl tap|tun NAME COMMAND...      prints the PID, then closes standard output
use strict;
my ($mode, $name, @command) = @ARGV;
$^F = 99;    # descriptors up to that stay open across exec
open(my $tun, '+<', '/dev/net/tun') or die "/dev/net/tun: $!\n";
my $IFF_NO_PI = 0x1000;
my $flags = ($mode eq 'tap' ? 2 : 1) | $IFF_NO_PI;
ioctl($tun, 0x400454ca, pack('a16 s x22', $name, $flags)) or die "TUNSETIFF $name: $!\n";
$| = 1;
print "$$\n";
open(STDOUT, '>', '/dev/null');
open(STDERR, '>', '/dev/null');
exec @command;
