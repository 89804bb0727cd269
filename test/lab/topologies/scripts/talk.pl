# talk.pl server|client FIFO: one end of a connection that stays open; says so through the named pipe.
use strict;
use Socket;
my ($part, $ready) = @ARGV;
my ($server, $client) = (pack_sockaddr_in(6379, inet_aton("10.4.0.3")), pack_sockaddr_in(40000, inet_aton("10.4.0.2")));
socket(my $own, AF_INET, SOCK_STREAM, 0) or die "socket: $!";
setsockopt($own, SOL_SOCKET, SO_REUSEADDR, 1);
bind($own, $part eq "server" ? $server : $client) or die "bind: $!";
if ($part eq "server") { listen($own, 5) or die "listen: $!" }
else { connect($own, $server) or die "connect: $!" }
my @others;
if ($part eq "client") {
  socket(my $packet, 17, SOCK_RAW, 0x0300) or die "packet: $!";                # AF_PACKET, ETH_P_ALL
  bind($packet, pack("S n l S C C a8", 17, 3, 2, 0, 0, 0, "")) or die "bind: $!"; # ifindex 2: eth0
  socket(my $unix, AF_UNIX, SOCK_STREAM, 0) or die "unix: $!";
  bind($unix, pack("S a*", AF_UNIX, "\0of the client")) or die "bind: $!";
  listen($unix, 5) or die "listen: $!";
  @others = ($packet, $unix);
}
open(my $fifo, ">", $ready) or die "$ready: $!";
print $fifo "ready\n";
close($fifo);
if ($part eq "server") { accept(my $taken, $own) or die "accept: $!"; push @others, $taken; sleep }
sleep;
