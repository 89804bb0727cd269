#!/bin/sh
# Adds a container to nerdctl's default network with the plugins of nerdctl's own configuration of it, each given the result
# of the one before: https://www.cni.dev/docs/spec/#section-3-execution-of-network-configurations
# Where that configuration is not there yet it is made, as nerdctl does (pkg/netutil/netutil.go).
# Runs in the network namespace that gets the bridge. Prints the last plugin's result.
#
# usage: cni-add.sh CONTAINERID PID MAPPING      MAPPING: one port mapping as JSON, or empty
set -eu
export CNI_COMMAND=ADD CNI_CONTAINERID="$1" CNI_NETNS="/proc/$2/ns/net" CNI_PATH=/usr/lib/cni
mapping=$3

bridge='"bridge": "nerdctl0",
      "isGateway": true,
      "ipMasq": true,
      "hairpinMode": true,
      "ipam": {
        "ranges": [
          [
            {
              "gateway": "10.4.0.1",
              "subnet": "10.4.0.0/24"
            }
          ]
        ],
        "routes": [
          {
            "dst": "0.0.0.0/0"
          }
        ],
        "type": "host-local"
      }'
portmap='"capabilities": {
        "portMappings": true
      }'
firewall='"ingressPolicy": "same-bridge"'

# The folder of the containerd namespace, which nerdctl makes too, has the networks that were made in that one.
folder=$HOME/.config/cni/net.d
mkdir -p "$folder/default"
[ -e "$folder/nerdctl-bridge.conflist" ] || cat >"$folder/nerdctl-bridge.conflist" <<JSON
{
  "cniVersion": "1.0.0",
  "name": "bridge",
  "nerdctlID": "$(printf bridge | sha256sum | cut -d' ' -f1)",
  "nerdctlLabels": {
    "nerdctl/default-network": "true"
  },
  "plugins": [
    {
      "type": "bridge",
      $bridge
    },
    {
      "type": "portmap",
      $portmap
    },
    {
      "type": "firewall",
      $firewall
    },
    {
      "type": "tuning"
    }
  ]
}
JSON

# plugin TYPE MEMBERS: MEMBERS are that plugin's own, as JSON, with a comma after each.
result=
plugin() {
  previous=${result:+,\"prevResult\":$result}
  result=$(printf '{"cniVersion":"1.0.0","name":"bridge",%s"type":"%s"%s}' "$2" "$1" "$previous" | "$CNI_PATH/$1") || {
    echo "CNI plugin $1: $result" >&2
    exit 1
  }
}

CNI_IFNAME=lo plugin loopback ''
result=
export CNI_IFNAME=eth0
plugin bridge "$bridge,"
plugin portmap "$portmap,\"runtimeConfig\":{\"portMappings\":[$mapping]},"
plugin firewall "$firewall,"
plugin tuning ''
echo "$result"
