#!/bin/sh
# npm test: the unit tests and, as root, the tests on the real kernel in network namespaces and the reports from the field.
#   test.sh [unit|netns|proof|field|vm|vm-long|vm-leaks] [arguments for vitest]
# RESULTS=FOLDER also writes vitest's JSON report of each project there, REPORT=NAME under that name.
set -eu
cd "$(dirname "$0")/.."

project() {
  name=$1
  shift
  # the caches would be in node_modules and belong to root after `sudo npm test`
  vitest run -c .config/vitest.config.ts --project "$name" --cache=false --fsModuleCache=false --configLoader native \
    ${RESULTS:+--reporter=default --reporter=json --outputFile.json="$RESULTS/${REPORT:-$name}.json"} "$@"
}

case ${1:-} in
unit | netns | proof | field | vm | vm-long | vm-leaks)
  project "$@"
  ;;
*)
  # a filter may match tests of only one project
  [ $# = 0 ] || set -- --passWithNoTests "$@"
  failed=0
  project unit "$@" || failed=1
  if [ "$(id -u)" = 0 ]; then
    sh packaging/bootstrap.sh netns
    project netns "$@" || failed=1
    project proof "$@" || failed=1
    project field "$@" || failed=1
  else
    echo 'The tests in network namespaces need root and did not run. Type: sudo npm test'
  fi
  exit $failed
  ;;
esac
