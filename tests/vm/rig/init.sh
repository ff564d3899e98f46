#!/bin/busybox sh
# The guest's first process: loads the modules, puts this machine's root below a layer in memory, and goes there.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys

fail() {
  echo "init: $*" >/dev/console
  printf '\0' | dd of=/dev/port bs=1 seek=244 2>/dev/null
  sleep 9
}

# load PART [PARAMETER=VALUE…]: its modules in order; the parameters are the last one's.
load() {
  list=/modules/$1
  shift
  last=$(tail -n 1 "$list")
  while read -r module; do
    grep -q "^$module " /proc/modules && continue
    if [ "$module" = "$last" ]; then
      insmod "/modules/$module.ko" "$@" || return 1
    else
      insmod "/modules/$module.ko" || return 1
    fi
  done <"$list"
}

# share TAG FOLDER OPTIONS: a folder of this machine's.
share() {
  mkdir -p "$2"
  mount -t 9p -o "trans=virtio,version=9p2000.L,msize=512000,$3" "$1" "$2" || fail "no share $1"
}

load base || fail "base modules"
share root /host cache=loose,ro
mount -t tmpfs memory /memory
mkdir /memory/upper /memory/work
mount -t overlay -o lowerdir=/host,upperdir=/memory/upper,workdir=/memory/work overlay /root || fail overlay
share job /memory/job cache=none

# What rig/guest.py wrote: cards with parameters, and what to wait for.
while read -r card; do
  # shellcheck disable=SC2086 # a list
  load $card || fail "card $card"
done </memory/job/cards
while read -r driver; do
  tries=0
  until grep -q "$driver" /proc/asound/cards; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || fail "no $driver appeared"
    usleep 20000
  done
done </memory/job/probed

# As rtirq does it on machines for audio: what moves the cards goes before the programs that they move. Else a program
# runs between the two ticks of aloop's two cables, and a start there adds a period to the round trip.
if [ -e /sys/kernel/realtime ]; then
  for process in /proc/[0-9]*; do
    case $(cat "$process/comm") in
      ktimers/* | ksoftirqd/* | irq/*) chrt -f -p 95 "${process#/proc/}" >/dev/null ;;
    esac
  done
fi

mkdir -p /dev/pts /dev/shm /dev/virtio-ports
mount -t devpts -o ptmxmode=666 pts /dev/pts
mount -t tmpfs shm /dev/shm
ln -sf /proc/self/fd /dev/fd
ln -sf fd/0 /dev/stdin
ln -sf fd/1 /dev/stdout
ln -sf fd/2 /dev/stderr
for port in /sys/class/virtio-ports/*; do
  ln -sf "/dev/${port##*/}" "/dev/virtio-ports/$(cat "$port/name")"
done
for system in proc sys dev; do
  mount --move /$system /root/$system
done
mount -t tmpfs run /root/run
mkdir -p /root/run/job /root/run/lock
mount --move /memory/job /root/run/job
while read -r tag folder; do
  share "$tag" "/root$folder" cache=mmap
done </root/run/job/shares
hostname guest
ifconfig lo 127.0.0.1 up
cp /bin/busybox /root/run/busybox
exec chroot /root /run/busybox sh /run/job/start
