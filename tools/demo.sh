#!/bin/sh
# The main job for a newcomer, on the embedded simulated host: give a VM a GPU partition, driver included, and show how to look at it.
# Usage: demo.sh <exhyperv>; EXHYPERV_DATA_DIR says where the simulated host lives.
set -eu
exhyperv=$1
vm=win11
gpu="RTX 4070"

"$exhyperv" status
echo
"$exhyperv" gpu list
echo
"$exhyperv" gpu add "$gpu" --vm "$vm" --yes
echo
"$exhyperv" vm show "$vm"
echo
echo "The simulated host lives in $EXHYPERV_DATA_DIR. Try:"
echo "  export EXHYPERV_DATA_DIR=$EXHYPERV_DATA_DIR"
echo "  $exhyperv gpu add \"$gpu\" --vm $vm --dry-run     # nothing is left to do"
echo "  $exhyperv guest inspect $vm                      # what is in the guest's disk"
echo "  $exhyperv history                                # what was done, step by step"
echo "  $exhyperv gpu remove --vm $vm --purge            # take everything back out"
