#!/bin/bash
# Mounts the project's file system: only through its access point, only with TLS. The region is in efs-utils.conf,
# because a desktop has no role that could ask for it. Run by root with the two ids that the provisioner made.
set -euo pipefail

usage='usage: renkei-mount-project fs-<id> fsap-<id>'
file_system=${1:?"$usage"}
access_point=${2:?"$usage"}
folder=/project

refuse() { echo "renkei-mount-project: $1. $usage" >&2; exit 2; }
[[ $file_system =~ ^fs-[0-9a-f]{8,40}$ ]] || refuse "\"$file_system\" is not a file system id"
[[ $access_point =~ ^fsap-[0-9a-f]{8,40}$ ]] || refuse "\"$access_point\" is not an access point id"

mkdir -p "$folder"
if mountpoint -q "$folder"; then
  echo "renkei-mount-project: $folder is mounted already" >&2
  exit 0
fi
exec mount -t efs -o "tls,accesspoint=$access_point,nosuid,nodev,_netdev" "$file_system:/" "$folder"
