# Pid 1 of one network, mount, pid and host name namespace; lab/namespace.ts starts it under unshare(1).
# It lives as long as its standard input. The process that made the lab holds the other end of that pipe; when that process
# ends, in any way, this one ends too, and with pid 1 the kernel kills everything inside and removes the namespaces.
# bash, because as pid 1 it reaps the daemons that are orphaned here.
set -euo pipefail
hostname "$1"
cd /

# Private copies: what routers write into /etc, /run and /var/lib stays in here.
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/lib
cp -a /etc /var/lib/etc
mount --bind /var/lib/etc /etc
mount -t sysfs sysfs /sys # /sys/class/net of this namespace
mkdir -p /run/lock /run/wireguard

# As on a freshly installed router, whatever this machine's own /etc contains.
rm -rf /etc/wgospf /etc/iproute2/rt_tables.d/wgospf* /etc/iproute2/rt_protos.d/wgospf*
mkdir -p /etc/wgospf
rm -f /etc/resolv.conf # it may be a link
: >/etc/resolv.conf    # no name server: names come from /etc/hosts
if id bird >/dev/null 2>&1; then
  install -d -o bird -g bird -m 755 /run/bird
  install -d -o bird -g bird -m 750 /etc/bird
  for packaged in /usr/share/bird2/bird.conf; do
    [ ! -f $packaged ] || install -o bird -g bird -m 640 $packaged /etc/bird/bird.conf
  done
fi

# A new namespace copies the machine's IPv4 settings (net.core.devconf_inherit_init_net); the lab starts with the kernel's defaults.
sysctl -qw net.ipv4.ip_forward=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
# Link-local addresses are there at once (no duplicate address detection), so two dumps compare.
sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
ip link set lo up

echo ready
read -r _ || true
