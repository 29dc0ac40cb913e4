#!/bin/sh
# Builds the disk of a Debian router for the virtual machine tests, once: .cache/vm/RELEASE-KEY/ with root.img (ext4),
# vmlinuz and initrd.img. Prints that folder. Wants root. Nothing is mounted, and no machine is started.
#   build-image.sh bookworm|trixie
# KEY is of this file, of guest/ and of the month, so that an image is a month old at most. Sooner: rm -r .cache/vm
set -eu
cd "$(dirname "$0")/../.."
release=$1
PATH=$PATH:/usr/sbin:/sbin

key=$({
  date -u +%Y-%m
  cat packaging/vm/build-image.sh packaging/vm/guest/*
} | sha256sum | cut -c1-12)
folder=.cache/vm/$release-$key
if [ -e "$folder/root.img" ]; then
  echo "$folder"
  exit 0
fi

# As on a stock router, and as little as that takes. No Node. tcpdump is the test's own.
packages=linux-image-amd64,systemd-sysv,udev,dbus,kmod,procps,util-linux,ifupdown,iproute2,iputils-ping
packages=$packages,bird2,wireguard-tools,nftables,tcpdump,debconf,apt

# The mirror of this machine's own apt configuration.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 'Origin: Debian' |
  awk '$2 ~ /^[a-z]+$/ { print $1; exit }')
if [ -z "$mirror" ]; then
  echo "wgospf: apt on this machine knows no Debian mirror, and images are made from it (apt-get update?)" >&2
  exit 1
fi

mkdir -p .cache/vm
work=$(mktemp -d "$PWD/.cache/vm/building-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
echo "wgospf: building a machine of Debian $release" >&2

# What no router of the tests has: leaving it out halves the disk.
exclude() { for path; do echo "--dpkgopt=path-exclude=*/lib/modules/*/kernel/$path/*"; done; }
without=$(exclude sound drivers/gpu drivers/media drivers/infiniband drivers/staging drivers/net/ethernet \
  drivers/net/wireless drivers/scsi drivers/iio drivers/usb drivers/hwmon drivers/bluetooth drivers/mmc drivers/input \
  drivers/ata drivers/md fs/btrfs fs/xfs fs/ocfs2 fs/nfs fs/nfsd fs/smb fs/ceph fs/gfs2 fs/f2fs)

# The initial RAM disk holds what the disk of the machine needs, and is made once, by the kernel's own installation.
# shellcheck disable=SC2016,SC2086
mmdebstrap --quiet --mode=root --variant=minbase --include=$packages $without \
  --essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/etc/initramfs-tools/hooks"' \
  --essential-hook='copy-in packaging/vm/guest/initramfs.conf /etc/initramfs-tools/conf.d' \
  --essential-hook='copy-in packaging/vm/guest/initramfs-hook /etc/initramfs-tools/hooks' \
  --customize-hook='sh packaging/vm/guest/setup "$1" packaging/vm/guest' \
  "$release" "$work/root" "$mirror" >&2 </dev/null

cp -L "$work/root/vmlinuz" "$work/vmlinuz"
cp -L "$work/root/initrd.img" "$work/initrd.img"
mke2fs -q -t ext4 -L root -d "$work/root" -E lazy_itable_init=1 "$work/root.img" 3G >&2
rm -rf "$work/root"

rm -rf ".cache/vm/$release-"*
chmod 755 "$work"
mv "$work" "$folder"
echo "$folder"
