#!/bin/sh
# What stays as PID 1 of a lab host: it waits, and so reaps the orphans. Its end is the end of every process here.
#
# usage: pid-1.sh yes|no      yes: end when standard input ends, that is when whoever started the host has ended
if [ "$1" = yes ]; then
  cat >/dev/null
  exit 0
fi
while :; do
  sleep 3600 &
  wait
done
