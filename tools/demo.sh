#!/bin/sh
# The main job for a newcomer, on the embedded simulated host: give a VM a GPU partition, driver included, and show how to look at it.
# Usage: demo.sh <exhyperv>; EXHYPERV_DATA_DIR says where the simulated host lives.
set -eu
exhyperv=$1

"$exhyperv" status
echo
"$exhyperv" gpu list
echo
"$exhyperv" gpu add "RTX 4070" --vm win11 --yes
echo
echo "This simulated host lives in $EXHYPERV_DATA_DIR. To go on with it in this shell:"
echo "  export EXHYPERV_DATA_DIR=\"$EXHYPERV_DATA_DIR\""
echo
echo "The same in a browser:"
echo "  make ui"
