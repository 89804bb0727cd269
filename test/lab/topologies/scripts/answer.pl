# answer.pl tcp|udp ADDRESS PORT [device=DEVICE] [reuse] [v6only]: answers everybody with its PID.
# A link-local address is that of the device.
use strict;
use Socket qw(:DEFAULT inet_pton AF_INET6 PF_INET6 pack_sockaddr_in6);
my ($protocol, $address, $port, @options) = @ARGV;
my $is6 = $address =~ /:/;
my $type = $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
socket(my $socket, $is6 ? PF_INET6 : PF_INET, $type, 0) or die "socket: $!";
for (@options) {
  # SO_BINDTODEVICE, SO_REUSEPORT, IPV6_V6ONLY
  if (/^device=(.+)/) { setsockopt($socket, 1, 25, "$1\0") or die "$_: $!" }
  elsif ($_ eq 'reuse') { setsockopt($socket, 1, 15, 1) or die "$_: $!" }
  elsif ($_ eq 'v6only') { setsockopt($socket, 41, 26, 1) or die "$_: $!" }
}
my $at = $is6 ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address)) : sockaddr_in($port, inet_aton($address));
bind($socket, $at) or die "@ARGV: $!";
listen($socket, 64) or die "listen: $!" if $protocol eq 'tcp';
open(my $ready, '>', "/tmp/ready/$$") or die $!;
close $ready;
while (1) {
  if ($protocol eq 'tcp') { accept(my $client, $socket) or next; syswrite($client, $$) }
  else { my $from = recv($socket, my $asked, 99, 0); send($socket, $$, 0, $from) if defined $from }
}
