# systemd's end of NOTIFY_SOCKET: prints each message on one line, its assignments joined by ' | '.
use strict;
use warnings;
use IO::Socket::UNIX;
use Socket;
$| = 1;
my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die "$ARGV[0]: $!";
print "listening\n";
while (defined $socket->recv(my $message, 65536)) {
  $message =~ s/\n/ | /g;
  # sd_notify_barrier(3); the descriptor that came with it is closed by not taking it
  print "$message\n" unless $message eq 'BARRIER=1';
}
