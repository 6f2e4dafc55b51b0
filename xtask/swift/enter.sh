# Runs a command in the system below a folder: enter.sh ROOT FOLDER SHOWN... -- COMMAND...
# Each folder SHOWN lies there where it lies here; FOLDER is where the command runs. To be run in a mount namespace of its own,
# so that nothing stays shown there when the command has ended.
set -eu
root=$1 folder=$2
shift 2
for shown in /proc /dev; do mount --rbind "$shown" "$root$shown"; done
while [ "$1" != -- ]; do
    mkdir -p "$root$1"
    mount --bind "$1" "$root$1"
    shift
done
shift
# Not on every user's path.
PATH=$PATH:/usr/sbin:/sbin
exec chroot "$root" /usr/bin/env --chdir="$folder" PATH=/usr/bin:/bin "$@"
