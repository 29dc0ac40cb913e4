#!/bin/sh
# npm run test:vm: builds the package, and again as a later version, and tests them in virtual machines. Needs root.
#   PROJECT=vm-long: tests that take half an hour more: isolation, an agent that dies, networkd on both releases
#   PROJECT=vm-leaks: the proof that nothing crosses a VRF, which takes 20 minutes
#   test-vm.sh [arguments for vitest]
set -eu
cd "$(dirname "$0")/.."

# under sudo: files written into the checkout keep the checkout's owner
trap 'chown -R --reference=package.json .cache' EXIT

folder=.cache/vm/packages
rm -rf $folder
mkdir -p $folder
# --fast: compressed quickly, same files
node packaging/package.ts --arch amd64 --fast --out $folder
node packaging/package.ts --arch amd64 --fast --out $folder --version 99.0.0
sh packaging/test.sh "${PROJECT:-vm}" "$@"
