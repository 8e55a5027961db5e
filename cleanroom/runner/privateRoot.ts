/**
 * Runs in namespaces of its own, as their root (POSIX shell): makes a file system that holds what the application may see and nothing else,
 * goes there for good, gives all rights up, and starts the application. It writes a line to descriptor 3 before that.
 *
 * Arguments: `ROOT IMAGE NODE {ro|rw SOURCE PLACE}... -- NAME=VALUE... WORD...`; NODE is empty where it is below /usr.
 */
export const privateRoot = String.raw`
set -eu
root=$1 image=$2 node=$3
shift 3
mount -t tmpfs -o mode=755,nosuid,nodev cleanroom "$root"
cd "$root"
mkdir usr proc dev dev/shm etc tmp app old
chmod 1777 tmp dev/shm
shown() {
  mount --rbind "$1" "$2"
  mount -o remount,bind,nosuid,nodev,ro "$2"
}
shown /usr usr
for name in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$name" ]; then
    ln -s "$(readlink "/$name")" "$name"
  elif [ -d "/$name" ]; then
    mkdir "$name"
    shown "/$name" "$name"
  fi
done
for name in alternatives ld.so.cache; do
  if [ -e "/etc/$name" ]; then cp -R "/etc/$name" "etc/$name"; fi
done
echo "root:x:0:0::/tmp:/bin/sh" > etc/passwd
echo "root:x:0:" > etc/group
echo "127.0.0.1 localhost" > etc/hosts
mount -t proc -o ro,nosuid,nodev,noexec proc proc 2> /dev/null || true # where a container hides parts of it there is none
for name in null zero full random urandom; do
  : > "dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
if [ -n "$node" ]; then
  mkdir -p opt/node/bin
  : > opt/node/bin/node
  shown "$node" opt/node/bin/node
fi
shown "$image" app
while [ "$1" != -- ]; do
  mkdir -p "./$3"
  mount --rbind "$2" "./$3"
  if [ "$1" = ro ]; then mount -o remount,bind,nosuid,nodev,ro "./$3"; else mount -o remount,bind,nosuid,nodev "./$3"; fi
  shift 3
done
shift
ip link set lo up 2> /dev/null || true # its own: it leads nowhere
hostname cleanroom 2> /dev/null || true
pivot_root . old
cd /
umount -l /old
rmdir /old
cd /app
echo started >&3
exec 3>&-
# The first process of a namespace is not ended by most signals, so the application is the second.
exec setpriv --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all /usr/bin/env -i "$@"
`;
