#!/bin/sh
# Writes docs/cli.md from the program's own help, so that the page cannot say something else. Usage: gen_cli_docs.sh <exhyperv> > docs/cli.md
set -eu
exhyperv=$1
echo "# Command line reference"
echo
echo "Made by \`tools/gen_cli_docs.sh\` from the program's own \`--help\`. JSON output: [cli-json.md](cli-json.md); exit codes: [exit-codes.md](exit-codes.md)."
show() {
    echo
    echo "## exhyperv${1:+ $1}"
    echo
    echo '```'
    # shellcheck disable=SC2086
    "$exhyperv" --lang en --no-color $1 --help | sed "s#$exhyperv#exhyperv#g"
    echo '```'
}
show ""
for command in status "vm list" "vm show" "gpu list" "gpu show" "gpu add" "gpu remove" "guest inspect" history recover \
    "sim reset" "sim scenarios" completion; do
    show "$command"
done
