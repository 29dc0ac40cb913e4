# Sends ICMP echo requests by a list, each at its own rate, and says ten times a second what became of them: one line with
# `sent/answered/refused` for each, in the order of the list. Runs until its standard output is closed or it is killed.
#   perl prober.pl TO,FROM,MILLISECONDS,TTL,SIZE,DEVICE ...
# FROM: `-` leaves the source to the kernel; an address is bound as soon as the host has it; `!ADDRESS` is sent though it is
# another's. TTL 0 is the kernel's own. DEVICE: the whole packet goes into it, past all routes, under FROM, whatever that is;
# `-` has the kernel route it. Refused: an ICMP error came back, or the kernel did not even send.
use strict;
use warnings;
use Socket qw(:DEFAULT :addrinfo inet_pton inet_ntop IPPROTO_IPV6);
use constant { ICMP => 1, ICMP6 => 58, IP_TTL => 2, IP_TRANSPARENT => 19, IPV6_HOPS => 16, IPV6_TRANSPARENT => 75 };
use constant { MTU_DISCOVER => 10, MTU_DISCOVER6 => 23, DO => 2, SOL_RAW => 255 };
use constant { AF_PACKET => 17, ETH_P_IP => 0x0800, ETH_P_IPV6 => 0x86dd, SIOCGIFINDEX => 0x8933 };
$| = 1;
$SIG{PIPE} = sub { exit 0 };

# perl-base, which is all that Debian's smallest system has, comes without Time::HiRes
sub now { open my $file, '<', '/proc/uptime' or die; return (split / /, <$file>)[0] }

my $base = ($$ * 64) & 0xffc0;
my @probes = map {
  my ($to, $from, $every, $ttl, $size, $device) = split /,/;
  { to => $to, from => $from, every => $every / 1000, ttl => $ttl, size => $size, device => $device, six => $to =~ /:/ ? 1 : 0,
    next => 0, seq => 0, sent => 0, answered => 0, refused => 0, id => $base };
} @ARGV;
$probes[$_]{id} = ($base + $_) & 0xffff for 0 .. $#probes;
my %by_id = map { $_->{id} => $_ } @probes;

sub place { my ($six, $address) = @_; return $six ? pack_sockaddr_in6(0, inet_pton(AF_INET6, $address)) : pack_sockaddr_in(0, inet_aton($address)) }

sub open_raw {
  my ($six) = @_;
  socket(my $socket, $six ? AF_INET6 : AF_INET, SOCK_RAW, $six ? ICMP6 : ICMP) or die "raw socket: $!";
  return $socket;
}

# packet(7): the network header is ours, and the device has none below it
sub opened_device {
  my ($probe) = @_;
  my $protocol = $probe->{six} ? ETH_P_IPV6 : ETH_P_IP;
  socket(my $socket, AF_PACKET, SOCK_DGRAM, 0) or die "packet socket: $!";
  my $request = pack 'a16x24', $probe->{device};
  ioctl $socket, SIOCGIFINDEX, $request or return undef;
  $probe->{at} = pack 'SniSCCx8', AF_PACKET, $protocol, unpack('x16i', $request), 0, 0, 0;
  return $probe->{socket} = $socket;
}

# Two sockets hear, and each probe has one of its own to send by, which hears nothing.
my @heard = (open_raw(0), open_raw(1));
sub opened {
  my ($probe) = @_;
  return $probe->{socket} if $probe->{socket};
  return opened_device($probe) if $probe->{device} ne '-';
  my ($six, $from) = ($probe->{six}, $probe->{from});
  my $socket = open_raw($six);
  my $level = $six ? IPPROTO_IPV6 : 0;
  # ICMP_FILTER (raw(7)), ICMP6_FILTER (RFC 3542 3.2; Linux blocks by a set bit)
  setsockopt $socket, $six ? ICMP6 : SOL_RAW, 1, "\xff" x ($six ? 32 : 4) or die "filter: $!";
  setsockopt $socket, $level, $six ? IPV6_HOPS : IP_TTL, pack('i', $probe->{ttl}) or die "ttl: $!" if $probe->{ttl};
  setsockopt $socket, $level, $six ? MTU_DISCOVER6 : MTU_DISCOVER, pack('i', DO) or die "pmtu: $!";
  if ($from =~ s/^!//) { setsockopt $socket, $level, $six ? IPV6_TRANSPARENT : IP_TRANSPARENT, pack('i', 1) or die "transparent: $!" }
  if ($from ne '-') { bind $socket, place($six, $from) or return undef }
  return $probe->{socket} = $socket;
}

sub checksum {
  my $sum = 0;
  $sum += $_ for unpack 'n*', $_[0];
  $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16;
  return ~$sum & 0xffff;
}

# RFC 791 3.1, RFC 8200 3, with what ICMPv6's checksum has besides (RFC 4443 2.3)
sub headed {
  my ($probe, $packet) = @_;
  my ($six, $ttl) = ($probe->{six}, $probe->{ttl} || 64);
  my ($from, $to) = map { inet_pton($six ? AF_INET6 : AF_INET, $_) } @$probe{qw(from to)};
  if ($six) {
    substr $packet, 2, 2, pack 'n', checksum($from . $to . pack('NN', length $packet, ICMP6) . $packet);
    return pack('NnCC', 6 << 28, length $packet, ICMP6, $ttl) . $from . $to . $packet;
  }
  my $header = pack 'CCnnnCCn', 0x45, 0, 20 + length $packet, 0, 0, $ttl, ICMP, 0;
  substr $header, 10, 2, pack 'n', checksum($header . $from . $to);
  return $header . $from . $to . $packet;
}

sub fire {
  my ($probe) = @_;
  my $socket = opened($probe) or return;
  my $payload = 'x' x $probe->{size};
  my $seq = $probe->{seq}++ & 0xffff;
  # the kernel fills in ICMPv6's checksum (RFC 3542 3.1), and leaves ICMP's to us
  my $packet = pack 'CCnnna*', $probe->{six} ? 128 : 8, 0, 0, $probe->{id}, $seq, $payload;
  substr $packet, 2, 2, pack 'n', checksum($packet) unless $probe->{six};
  $probe->{sent}++;
  return if defined ($probe->{at} ? send $socket, headed($probe, $packet), 0, $probe->{at}
                                  : send $socket, $packet, 0, place($probe->{six}, $probe->{to}));
  $probe->{refused}++;
  # a device of this name may be another by now
  delete @$probe{qw(socket at)} if $probe->{at};
}

# What came in: an answer to one of ours, or an error about one.
sub take {
  my ($six, $packet) = @_;
  $packet = substr $packet, 4 * (ord($packet) & 15) unless $six;
  my $type = ord $packet;
  my $is_answer = $type == ($six ? 129 : 0);
  my %errors = $six ? (1 => 1, 2 => 1, 3 => 1) : (3 => 1, 11 => 1);
  return unless $is_answer || $errors{$type};
  my $inner = $packet;
  if (!$is_answer) {
    $inner = substr $packet, 8;
    return if length $inner < 20;
    $inner = substr $inner, $six ? 40 : 4 * (ord($inner) & 15);
    return if length $inner < 8 || ord $inner != ($six ? 128 : 8);
  }
  my $probe = $by_id{unpack 'x4n', $inner} or return;
  return if $probe->{six} != $six;
  $probe->{ $is_answer ? 'answered' : 'refused' }++;
}

my $told = 0;
for (;;) {
  my $now = now();
  for my $probe (@probes) {
    next if $now < $probe->{next};
    # /proc/uptime counts hundredths: what is due more often goes out in a burst
    my $due = $probe->{every} < 0.01 ? int(0.01 / $probe->{every}) : 1;
    fire($probe) for 1 .. $due;
    $probe->{next} = $now + ($probe->{every} < 0.01 ? 0.01 : $probe->{every});
  }
  if ($now - $told >= 0.1) {
    print join(' ', map { "$_->{sent}/$_->{answered}/$_->{refused}" } @probes), "\n";
    $told = $now;
  }
  my $ready = '';
  vec($ready, fileno $_, 1) = 1 for @heard;
  # 2 ms at most
  next unless select(my $is = $ready, undef, undef, 0.002) > 0;
  for my $six (0, 1) {
    while (vec $is, fileno $heard[$six], 1) {
      last unless defined recv $heard[$six], my $packet, 2048, MSG_DONTWAIT;
      take($six, $packet);
    }
  }
}
