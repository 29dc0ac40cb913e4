# Sends small UDP packets for a while and prints how many went and how many nanoseconds each took.
# perl send.pl ADDRESS SECONDS connected|each
# veth hands a packet on within the call that sends it, so the call's time holds what the router does with it. `each` looks
# up the route of every packet, as who has no connected socket. Batches are timed, and of their times the lower quartile is
# taken: what else the machine does falls on some batches whole, and on others not at all.
use strict;
use warnings;
use Socket;
use Time::HiRes 'time';

use constant BATCH => 100;

my ($address, $seconds, $how) = @ARGV;
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
my $to = sockaddr_in(9, inet_aton($address));
my $each = $how eq 'each';
connect($socket, $to) or die "connect: $!\n" if !$each;

my $payload = 'x' x 18;
my @spent;
my $end = time + $seconds;
while (time < $end) {
  my $start = time;
  for (1 .. BATCH) {
    defined($each ? send($socket, $payload, 0, $to) : send($socket, $payload, 0)) or die "send to $address: $!\n";
  }
  push @spent, time - $start;
}
my @sorted = sort { $a <=> $b } @spent;
printf "%d %.1f\n", BATCH * @spent, 1e9 * $sorted[$#sorted / 4] / BATCH;
