# ask.pl tcp|udp ADDRESS PORT [SCOPE]: prints what answers there said, of eight questions, each once and in order; `nobody`
# where it is refused or nothing comes.
use strict;
use Socket qw(:DEFAULT inet_pton AF_INET6 PF_INET6 pack_sockaddr_in6);
my ($protocol, $address, $port, $scope) = @ARGV;
my $is6 = $address =~ /:/;
my $to = $is6 ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address), $scope || 0, 0) : sockaddr_in($port, inet_aton($address));
my %said;
for (1 .. 8) {
  socket(my $socket, $is6 ? PF_INET6 : PF_INET, $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM, 0) or die $!;
  # SO_RCVTIMEO, SO_SNDTIMEO
  setsockopt($socket, 1, $_, pack('q q', 0, 300_000)) for 20, 21;
  my $answer = '';
  if ($protocol eq 'tcp') {
    sysread($socket, $answer, 99) if connect($socket, $to);
  } else {
    # Not connected: who is bound to any address may answer by another one.
    send($socket, 'who', 0, $to);
    recv($socket, $answer, 99, 0);
  }
  $said{$answer eq '' ? 'nobody' : $answer} = 1;
  last if $answer eq '';
}
print join(' ', sort keys %said), "\n";
