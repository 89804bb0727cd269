#!/bin/sh
# The two container images, from the programs Debian just installed: a real nginx and a real Redis, because what they
# call themselves ("nginx: master process nginx -g daemon off;"), their workers and their subordinate uids are what a
# host's /proc is read for. Runs inside the new root file system.
#
# usage: build-images.sh DIR
set -eu
dir=$1
work=$(mktemp -d)

mkdir -p "$work/nginx/etc/nginx" "$work/nginx/usr/share/nginx/html" "$work/nginx/var/log/nginx" "$work/nginx/var/lib/nginx"
printf 'root:x:0:0:root:/root:/bin/sh\nnginx:x:101:101:nginx:/nonexistent:/bin/false\n' >"$work/nginx/etc/passwd"
printf 'root:x:0:\nnginx:x:101:\n' >"$work/nginx/etc/group"
mkdir -p "$work/redis/data"
echo '<!doctype html><title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>' >"$work/nginx/usr/share/nginx/html/index.html"
cat >"$work/nginx/etc/nginx/nginx.conf" <<'CONF'
user nginx;
worker_processes 2;
error_log stderr notice;
pid /run/nginx.pid;
events { worker_connections 64; }
http {
  access_log off;
  server { listen 80; root /usr/share/nginx/html; }
}
CONF
printf '#!/bin/sh\nexec "$@"\n' >"$work/nginx/docker-entrypoint.sh"
chmod 755 "$work/nginx/docker-entrypoint.sh"

here=$(dirname "$0")
sh "$here/build-image.sh" docker.io/library/nginx:latest "$work/nginx" "$dir/nginx.tar" \
  '"Entrypoint":["/docker-entrypoint.sh"],"Cmd":["nginx","-g","daemon off;"]' /usr/sbin/nginx
sh "$here/build-image.sh" docker.io/library/redis:latest "$work/redis" "$dir/redis.tar" \
  '"Cmd":["redis-server","--save","","--bind","0.0.0.0","--protected-mode","no"],"WorkingDir":"/data"' \
  /usr/bin/redis-server
rm -r "$work"
