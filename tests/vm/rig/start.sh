# The guest's second stage, with this machine's root as /. Before it stand, written by rig/guest.py, the
# environment, the folder and the function `work`, which is the command.
while IFS= read -r file; do
  cat "$file"
done </run/job/preload >/dev/null 2>&1

mkfifo /run/out /run/err
cat </run/out >/dev/virtio-ports/out &
out=$!
cat </run/err >/dev/virtio-ports/err &
err=$!
work </dev/null >/run/out 2>/run/err
status=$?

# All that was said gets out; but something left running may hold these open for ever.
tries=0
while kill -0 $out || kill -0 $err; do
  tries=$((tries + 1))
  [ $tries -le 20 ] || break
  /run/busybox usleep 50000
done 2>/dev/null
# Ends QEMU at once; rig/guest.py finds the status in QEMU's own. (Not through a file: after a suspend there is no 9p
# any more. One more than it, because QEMU itself fails with what 0 would be.)
# shellcheck disable=SC2059 # the octal number is the format
printf "\\$(printf %o $((status + 1 & 127)))" | /run/busybox dd of=/dev/port bs=1 seek=244 2>/dev/null
/run/busybox sleep 9
