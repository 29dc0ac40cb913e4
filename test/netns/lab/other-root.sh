# other-root.sh TREE: a Debian below TREE, with the machine's programs, files of its own, and neither /proc nor /sys, as
# debootstrap and image builders have it. Runs in a namespace of the lab.
set -euo pipefail
tree=$1
mkdir -p "$tree"
mount -t tmpfs -o mode=755 tmpfs "$tree"
cd "$tree"
mkdir -p .upper .work usr dev proc sys run tmp root var/log var/cache/debconf var/lib/dpkg/{info,updates,triggers}
mount -t overlay overlay -o "lowerdir=/usr,upperdir=$tree/.upper,workdir=$tree/.work" usr
for folder in bin sbin lib lib64; do ln -s usr/$folder $folder; done
cp -a /etc etc
rm -rf etc/wgospf
sed -i '/^wgospf:/d' etc/group etc/gshadow
: >var/lib/dpkg/status
: >var/lib/dpkg/available
mknod -m 666 dev/null c 1 3
