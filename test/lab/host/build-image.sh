#!/bin/sh
# One OCI image as a tar that `ctr images import` takes: one layer with BusyBox, a program and the libraries it needs.
# Layout: https://github.com/opencontainers/image-spec/blob/main/image-layout.md
#
# usage: build-image.sh NAME LAYERDIR OUT CONFIG PROGRAM      CONFIG: members of the image's "config" object, as JSON
set -eu
name=$1 layer=$2 out=$3 config=$4 program=$5
oci=$(mktemp -d)
mkdir -p "$oci/blobs/sha256" "$(dirname "$out")"

mkdir -p "$layer/bin" "$layer/dev" "$layer/etc" "$layer/proc" "$layer/run" "$layer/sys" "$layer/tmp" "$layer/usr"
chmod 1777 "$layer/tmp"
cp /bin/busybox "$layer/bin/busybox"
for applet in sh cat ls ps ip hostname sleep; do ln -s busybox "$layer/bin/$applet"; done
# ldd: "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)", "/lib64/ld-linux-x86-64.so.2 (0x…)"
for file in "$program" $(ldd "$program" | grep -o '/[^ ]*'); do
  mkdir -p "$layer$(dirname "$file")"
  cp -L "$file" "$layer$file"
done

# Puts a file among the blobs; prints its digest and size as a descriptor wants them.
blob() {
  digest=$(sha256sum "$1" | cut -d' ' -f1)
  size=$(stat -c %s "$1")
  mv "$1" "$oci/blobs/sha256/$digest"
  printf '"digest":"sha256:%s","size":%s' "$digest" "$size"
}

tar -C "$layer" --owner=0 --group=0 --numeric-owner -cf "$oci/layer" .
layer_descriptor=$(blob "$oci/layer")
diff_id=${layer_descriptor#*:\"}
diff_id=${diff_id%%\"*}
arch=$(dpkg --print-architecture)
path='"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]'
printf '{"architecture":"%s","os":"linux","config":{%s,%s},"rootfs":{"type":"layers","diff_ids":["%s"]}}' \
  "$arch" "$path" "$config" "$diff_id" >"$oci/config"
type=application/vnd.oci.image
printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":{"mediaType":"%s.config.v1+json",%s},"layers":[{"mediaType":"%s.layer.v1.tar",%s}]}' \
  "$type" "$type" "$(blob "$oci/config")" "$type" "$layer_descriptor" >"$oci/manifest"
printf '{"schemaVersion":2,"manifests":[{"mediaType":"%s.manifest.v1+json",%s,"annotations":{"io.containerd.image.name":"%s"}}]}' \
  "$type" "$(blob "$oci/manifest")" "$name" >"$oci/index.json"
echo '{"imageLayoutVersion":"1.0.0"}' >"$oci/oci-layout"
tar -C "$oci" -cf "$out" oci-layout index.json blobs
rm -r "$oci"
