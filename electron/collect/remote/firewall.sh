# The firewall: the rules of each network namespace, as nft lists them, and those of the old tables (iptables-legacy).
#
# To list rules may make the kernel load a module: nf_tables when the first question comes, iptable_nat when that table
# is asked for. So only what is there is asked: where nf_tables is not, there are no rules of it, and iptables-legacy-save
# without -t goes through /proc/net/ip_tables_names, the tables that this network namespace has.

# The last two are what ss asks (ask_bound_devices): they are loaded for the first one that does.
firewall_modules='nf_tables ip_tables ip6_tables tcp_diag udp_diag'

# Which of these the kernel has, loaded or built in. Without /proc/modules it can load none.
list_firewall_modules() {
  for module in $firewall_modules; do
    if [ ! -e /proc/modules ] || [ -d "/sys/module/$module" ] ||
      grep -qs "/$module\.ko" "/lib/modules/$(uname -r)/modules.builtin"; then
      echo "$module yes"
    else
      echo "$module no"
    fi
  done
}

# What can list rules -> $nft_rules (nft, or its stand-in), $nft6_rules, $old_rules, $old6_rules, and what tells devices of
# sockets -> $bound_devices: commands, or empty.
firewall_tools() {
  nft_rules='' nft6_rules='' old_rules='' old6_rules='' bound_devices=''
  ask tool nft nft --version
  said=$(ask tool iptables iptables --version)
  printf '%s\n' "$said"
  shown="ls -d /sys/module/NAME || grep /NAME.ko /lib/modules/\$(uname -r)/modules.builtin, for $firewall_modules"
  modules=$(ask firewall-modules '' list_firewall_modules)
  printf '%s\n' "$modules"
  # It was used up where the question ran.
  shown=''
  # Where there are old tables and this is missing, it is asked all the same, to be told so.
  current='' current6='' old='iptables-legacy-save -c' old6='ip6tables-legacy-save -c'
  case $said in
    *'(nf_tables)'*) current='iptables-save -c' current6='ip6tables-save -c' ;;
    *)
      if ! command -v iptables-legacy-save >/dev/null && command -v iptables-save >/dev/null; then
        old='iptables-save -c' old6='ip6tables-save -c'
      fi
      ;;
  esac
  case $modules in
    *'nf_tables yes'*)
      if command -v nft >/dev/null; then
        nft_rules='nft -a list ruleset'
      elif [ -n "$current" ] && command -v iptables-save >/dev/null; then
        nft_rules=$current nft6_rules=$current6
      fi
      ;;
  esac
  case $modules in *'ip_tables yes'*) old_rules=$old ;; esac
  case $modules in *'ip6_tables yes'*) old6_rules=$old6 ;; esac
  case $modules in
    *'tcp_diag yes'*'udp_diag yes'*) ! command -v ss >/dev/null || bound_devices='ss -tulne' ;;
  esac
}

# The collector's own network namespace, whatever else there is: on a host with many it is the one that matters.
firewall() {
  own=$(readlink /proc/self/ns/net)
  key=$own
  enter own
  ask_firewall
  # Of few network namespaces each is asked in full, this one too.
  [ "$bundle_size" -eq 1 ] || ask_bound_devices
}

# Of the network namespace that $way leads into, $key.
ask_firewall() {
  case $nft_rules in
    '') ;;
    nft*)
      rules=$(ask_much nft "$key" $way $nft_rules)
      printf '%s\n' "$rules"
      # Built without libxtables it cannot say what iptables wrote.
      case $rules in
        *' xt target "'* | *'# xt_'*)
          if [ -n "$current" ]; then
            ask_much iptables "$key" $way $current
            ask_much ip6tables "$key" $way $current6
          fi
          ;;
      esac
      ;;
    *)
      ask_much iptables "$key" $way $nft_rules
      ask_much ip6tables "$key" $way $nft6_rules
      ;;
  esac
  if [ -n "$old_rules" ] && has_old_tables ip_tables_names $old_rules; then
    ask_much iptables "$key" $(way_for $old_rules) $old_rules
  fi
  if [ -n "$old6_rules" ] && has_old_tables ip6_tables_names $old6_rules; then
    ask_much ip6tables "$key" $(way_for $old6_rules) $old6_rules
  fi
}

# FILE TOOL…: fails where it can be seen, without entering, that the network namespace has none of the old tables. Where it may
# not be read the refusal is worth a question only if no other was asked.
has_old_tables() {
  file=${beside:-/proc}/net/$1 table=
  if [ -r "$file" ]; then
    { read -r table <"$file"; } 2>/dev/null
  elif [ -z "$nft_rules" ] && command -v "$2" >/dev/null; then
    return 0
  fi
  [ -n "$table" ]
}
