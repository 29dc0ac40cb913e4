#!/bin/sh
# Makes docs/demo.svg from the demo's real output: the part in which a third router joins. Needs root.
#   sh packaging/demo-picture.sh            runs the demo
#   sh packaging/demo-picture.sh OUTPUT     uses the output of one that ran in a terminal (script -qec ... OUTPUT)
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/node_modules/.bin:$PATH

output=${1:-}
if [ -z "$output" ]; then
  output=$(mktemp)
  trap 'rm -f "$output"' EXIT
  script -qec 'npm run -s demo -- --once' "$output" >/dev/null
fi

# A part begins with a heading or a prompt.
awk '
  { plain = $0; gsub(/\033\[[0-9;]*m|\r/, "", plain) }
  plain ~ /^Script done/ { exit }
  plain ~ /^== / || plain ~ /^(node|host)[0-9]+# / {
    shown = plain ~ /^node222# (cat .* # as before|wgospf (apply|status|plan)$)|^host111# ping/
  }
  shown' "$output" | node packaging/ansi-to-svg.mjs >docs/demo.svg.new
mv docs/demo.svg.new docs/demo.svg
