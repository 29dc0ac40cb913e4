#!/bin/bash
# debian-package.sh SUITE PACKAGE: a program of any Debian beside the machine's own. Unpacks the package and the libraries that
# it needs below .cache/debian, once, installs nothing, and prints the folder, which has:
#   version      the package's version
#   root/        the unpacked files
#   bin/NAME     starts root's usr/sbin/NAME (or usr/lib/frr/NAME) with root's own C library; its process is called NAME
# Packages come from the mirror of this machine's apt configuration, and apt verifies them with Debian's archive keyring.
set -euo pipefail
suite=$1 package=$2
cache=$(realpath "$(dirname "$0")/../../..")/.cache/debian
into=$cache/$suite/$package
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
if [ -e "$into/version" ]; then
  echo "$into"
  exit
fi

fail() {
  echo "cannot bring Debian's package $package of $suite: $*" >&2
  exit 1
}
command -v apt-get >/dev/null || fail 'there is no apt-get; these tests run on Debian'
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keyring ] || fail "there is no $keyring; apt-get install debian-archive-keyring"
. /etc/os-release
# REPO_URI of the first source of this machine's own release
mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
  awk -v own="${VERSION_CODENAME:-}" '$1 == own || $1 ~ /^(old)*stable$/ { print $2; exit }')
[ -n "$mirror" ] || fail "apt-get indextargets names no source of ${VERSION_CODENAME:-this release}"

# A separate apt: lists and archives here, an empty dpkg status, so each dependency is listed; no hooks of the machine's.
apt=$cache/$suite/apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/empty"
: >"$apt/status"
printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$mirror" "$suite" $keyring >"$apt/debian.sources"
own() {
  local command=$1
  shift
  "$command" -qq -o Dir::State="$apt" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt" -o Dir::Etc::sourceparts="$apt/empty" \
    -o Dir::Etc::sourcelist="$apt/debian.sources" -o Dir::Etc::preferences="$apt/none" -o Dir::Etc::preferencesparts="$apt/empty" \
    -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}
[ -e "$apt/updated" ] || own apt-get update >&2 || fail 'apt-get update failed'
touch "$apt/updated"

# `Inst NAME (VERSION ...)` of a simulated installation
wanted=$(own apt-get --simulate --no-install-recommends install "$package" |
  awk -v package="$package" '$1 == "Inst" && ($2 == package || $2 ~ /^lib/) { print $2 }')
[ -n "$wanted" ] || fail 'it is not there'
new=$(mktemp -d -p "$cache")
trap 'rm -rf "$new"' EXIT
chmod 755 "$new"
mkdir -p "$new/root" "$new/bin" "$new/debs"
# shellcheck disable=SC2086 # a list
(cd "$new/debs" && own apt-get download $wanted >&2) || fail 'apt-get download failed'
for deb in "$new"/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$new/root" --keep-directory-symlink --exclude='./usr/share/doc' --exclude='./usr/share/locale'
done
own_deb=$(echo "$new"/debs/"${package}"_*.deb)
dpkg-deb -f "$own_deb" Version >"$new/version"
programs=$(dpkg-deb --fsys-tarfile "$own_deb" | tar -t | sed -n 's|^\./\(usr/sbin/[^/]\+\)$|\1|p; s|^\./\(usr/lib/frr/[^/]\+\)$|\1|p')
rm -r "$new/debs"

# Started through its own dynamic linker, by a link called NAME, from which the kernel takes the name of the process.
linker=$(cd "$new/root" && find . -name 'ld-linux*.so.*' | sed -n '1s/^..//p')
libraries=$(cd "$new/root" && find . -name '*.so.*' -printf '%h\n' | sort -u | sed "s|^\.|$into/root|" | paste -sd:)
mkdir "$new/linker"
for program in $programs; do
  [ "$(head -c 4 "$new/root/$program" | tr -d '\0')" = $'\177ELF' ] || continue
  name=${program##*/}
  ln -s "../root/$linker" "$new/linker/$name"
  printf '#!/bin/sh\nexec %s --library-path %s --argv0 %s %s "$@"\n' \
    "$into/linker/$name" "$libraries" "$name" "$into/root/$program" >"$new/bin/$name"
  chmod 755 "$new/bin/$name"
done
rm -rf "$into"
mkdir -p "$cache/$suite"
mv "$new" "$into"
trap - EXIT
chown -R --reference="$cache/../../package.json" "$cache"
echo "$into"
