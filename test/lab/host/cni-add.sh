#!/bin/sh
# Adds a container to nerdctl's default network with the plugins nerdctl's own configuration of it names, each given the
# result of the one before: https://www.cni.dev/docs/spec/#section-3-execution-of-network-configurations
# Runs in the network namespace that gets the bridge. Prints the last plugin's result.
#
# usage: cni-add.sh CONTAINERID PID MAPPING      MAPPING: one port mapping as JSON, or empty
set -eu
export CNI_COMMAND=ADD CNI_CONTAINERID="$1" CNI_NETNS="/proc/$2/ns/net" CNI_PATH=/usr/lib/cni
mapping=$3

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
plugin bridge '"bridge":"nerdctl0","isGateway":true,"ipMasq":true,"hairpinMode":true,
  "ipam":{"type":"host-local","ranges":[[{"subnet":"10.4.0.0/24","gateway":"10.4.0.1"}]],"routes":[{"dst":"0.0.0.0/0"}]},'
plugin portmap "\"capabilities\":{\"portMappings\":true},\"runtimeConfig\":{\"portMappings\":[$mapping]},"
plugin firewall '"ingressPolicy":"same-bridge",'
plugin tuning ''
echo "$result"
