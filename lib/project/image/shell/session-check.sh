#!/bin/bash
# Refuses a session on a desktop that is not as it was made. Generated from policies/project/desktop/profile.yaml:
# change that, not this.
# Exit 0: everything is as wanted. Exit 1: the lines above say which setting, what was found, what is wanted.
# Usage: renkei-session-check [--root <folder>]
set -euo pipefail
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C

ROOT=
if [[ ${1:-} == --root ]]; then
  ROOT=${2:?"--root needs a folder"}
fi
OWNER=$(stat -c %u "$ROOT/")
refused=0

# refuse <id> <requirements> <where> <found> <wanted>
refuse() {
  echo "renkei-session-check: refused: $1 [$2]: $3 is $4, wanted $5" >&2
  refused=$((refused + 1))
}

# Every value that an INI file gives a key in a section, one a line.
ini_values() {
  awk -v section="$2" -v key="$3" '
    /^[[:space:]]*\[/ {
      name = $0
      gsub(/^[[:space:]]*\[|\][[:space:]]*$/, "", name)
      inside = (name == section)
      next
    }
    inside {
      name = $0
      sub(/[[:space:]]*=.*/, "", name)
      sub(/^[[:space:]]*/, "", name)
      if (name != key) next
      value = $0
      sub(/^[^=]*=[[:space:]]*/, "", value)
      sub(/[[:space:]]*$/, "", value)
      print value
    }
  ' "$1"
}

# only_value <id> <requirements> <where> <wanted>, found values from standard input: at least one, and no other
only_value() {
  local found count=0
  while IFS= read -r found; do
    count=$((count + 1))
    [[ $found == "$4" ]] || refuse "$1" "$2" "$3" "\"$found\"" "\"$4\""
  done
  (( count > 0 )) || refuse "$1" "$2" "$3" 'not set' "\"$4\""
}

# safe <id> <requirements> <path>: a plain file that only the administrator can write
safe() {
  local file=$ROOT$3 mode
  if [[ -L $file || ! -f $file ]]; then
    refuse "$1" "$2" "$3" 'missing or not a plain file' 'a plain file'
    return 1
  fi
  mode=$(stat -c %a "$file")
  (( (8#$mode & 8#022) == 0 )) ||
    refuse "$1" "$2" "$3" "writable by others (mode $mode)" 'writable by the administrator only'
  [[ $(stat -c %u "$file") == "$OWNER" ]] ||
    refuse "$1" "$2" "$3" "owned by user $(stat -c %u "$file")" "owned by user $OWNER"
}

# expect_ini <id> <requirements> <path> <section> <key> <wanted>
expect_ini() {
  safe "$1" "$2" "$3" || return 0
  only_value "$1" "$2" "$3 [$4] $5" "$6" < <(ini_values "$ROOT$3" "$4" "$5")
}

# expect_directive <id> <requirements> <path> <key> <wanted>
expect_directive() {
  safe "$1" "$2" "$3" || return 0
  only_value "$1" "$2" "$3 $4" "$5" < <(awk -v key="$4" '
    { name = $0; sub(/^[[:space:]]*/, "", name); sub(/[[:space:]=].*/, "", name) }
    name == key {
      value = $0
      sub(/^[[:space:]]*[^[:space:]=]+[[:space:]=]+/, "", value)
      sub(/[[:space:]]*$/, "", value)
      print value
    }
  ' "$ROOT$3")
}

# expect_file <id> <requirements> <path> <mode> <sha256>
expect_file() {
  safe "$1" "$2" "$3" || return 0
  local file=$ROOT$3 mode sum
  mode=$(stat -c %a "$file")
  [[ 0$mode == "$4" ]] || refuse "$1" "$2" "$3" "of mode 0$mode" "mode $4"
  sum=$(sha256sum < "$file")
  [[ ${sum%% *} == "$5" ]] || refuse "$1" "$2" "$3" "changed (sha256 ${sum%% *})" "as the image was made (sha256 $5)"
}

# expect_end <id> <requirements> <path> <line>...
expect_end() {
  local id=$1 requirements=$2 path=$3
  shift 3
  safe "$id" "$requirements" "$path" || return 0
  if [[ $(tail -n $# "$ROOT$path") != "$(printf '%s\n' "$@")" ]]; then
    refuse "$id" "$requirements" "the end of $path" "\"$(tail -n 1 "$ROOT$path")\"" "\"${!#}\""
  fi
}

# expect_masked <id> <requirements> <unit>...
expect_masked() {
  local id=$1 requirements=$2 unit
  shift 2
  for unit in "$@"; do
    [[ $(readlink "$ROOT/etc/systemd/system/$unit" || true) == /dev/null ]] ||
      refuse "$id" "$requirements" "$unit" 'startable' 'masked'
  done
}

# expect_enabled <id> <requirements> <unit> <target>
expect_enabled() {
  local link=$ROOT/etc/systemd/system/$4.wants/$3
  [[ $(readlink "$link" || true) == "/usr/lib/systemd/system/$3" ]] ||
    refuse "$1" "$2" "$3" 'not enabled' "enabled for $4"
  [[ ! -L $ROOT/etc/systemd/system/$3 && ! -e $ROOT/etc/systemd/system/$3 ]] ||
    refuse "$1" "$2" "$3" 'masked or replaced' 'the unit of its package'
}

# expect_no_modules <id> <requirements> <module>...
expect_no_modules() {
  local id=$1 requirements=$2 module file line
  shift 2
  for module in "$@"; do
    grep -qxF "install $module /bin/false" "$ROOT/etc/modprobe.d/renkei.conf" 2> /dev/null \
      || refuse "$id" "$requirements" "module $module" 'loadable' 'forbidden in /etc/modprobe.d/renkei.conf'
    ! grep -qE "^(${module//-/[-_]}) " "$ROOT/proc/modules" ||
      refuse "$id" "$requirements" "module $module" 'loaded' 'never loaded'
    for file in "$ROOT"/{etc,run,usr/local/lib,usr/lib}/modprobe.d/*.conf; do
      [[ -f $file && $file != "$ROOT/etc/modprobe.d/renkei.conf" ]] || continue
      while IFS= read -r line; do
        [[ $line == *' /bin/false' ]] ||
          refuse "$id" "$requirements" "${file#"$ROOT"}" "\"$line\"" 'no other rule for this module'
      done < <(grep -E "^[[:space:]]*install[[:space:]]+${module//-/[-_]}[[:space:]]" "$file" || true)
    done
  done
}

# expect_sysctl <id> <requirements> <key> <wanted>: as configured, and in force
expect_sysctl() {
  expect_directive "$1" "$2" /etc/sysctl.d/99-renkei.conf "$3" "$4"
  local live=$ROOT/proc/sys/${3//.//} found='not known to the kernel'
  [[ ! -r $live ]] || found=$(< "$live")
  [[ $found == "$4" ]] || refuse "$1" "$2" "kernel setting $3" "\"$found\"" "\"$4\""
}

# expect_only <id> <requirements> <folder> <entry>...
expect_only() {
  local id=$1 requirements=$2 folder=$3 entry
  shift 3
  for entry in "$ROOT$folder"/* "$ROOT$folder"/.[!.]*; do
    [[ -e $entry ]] || continue
    [[ " $* " == *" ${entry##*/} "* ]] || refuse "$id" "$requirements" "$folder" "holding ${entry##*/} too" "only $*"
  done
}

# expect_dconf <id> <requirements> <database>: the compiled settings are those of the files
expect_dconf() {
  local database=$ROOT/etc/dconf/db/$3 newer
  if [[ ! -f $database ]]; then
    refuse "$1" "$2" "/etc/dconf/db/$3" 'missing' 'compiled by dconf update'
    return 0
  fi
  newer=$(find "$database.d" -newer "$database" -type f | head -n 1)
  [[ -z $newer ]] || refuse "$1" "$2" "/etc/dconf/db/$3" "older than ${newer#"$ROOT"}" 'compiled by dconf update'
}

# expect_no_swap <id> <requirements>
expect_no_swap() {
  local line
  while IFS= read -r line; do
    refuse "$1" "$2" /etc/fstab "\"$line\"" 'no swap'
  done < <(awk '$1 !~ /^#/ && $3 == "swap"' "$ROOT/etc/fstab")
  while read -r line _; do
    refuse "$1" "$2" /proc/swaps "$line" 'no swap'
  done < <(tail -n +2 "$ROOT/proc/swaps")
}

# expect_no_sudo <id> <requirements> <allowed user>...
expect_no_sudo() {
  local id=$1 requirements=$2 file line
  shift 2
  for file in "$ROOT/etc/sudoers" "$ROOT"/etc/sudoers.d/*; do
    [[ -f $file ]] || continue
    while IFS= read -r line; do
      refuse "$id" "$requirements" "${file#"$ROOT"}" "\"$line\"" "no grant but to $*"
    done < <(awk -v allowed=" $* " '
      /^[[:space:]]*$/ || /^[[:space:]]*Defaults/ || /^[[:space:]]*(User|Runas|Host|Cmnd)_Alias[[:space:]]/ { next }
      /^[#@]includedir[[:space:]]+\/etc\/sudoers\.d[[:space:]]*$/ { next }
      /^[[:space:]]*#[^0-9i]/ || /^[[:space:]]*#$/ || /^[[:space:]]*#i[^n]/ { next }
      !index(allowed, " " $1 " ")
    ' "$file")
  done
}

# expect_software <id> <requirements> <denied pattern>...
expect_software() {
  local id=$1 requirements=$2 name pattern installed
  shift 2
  safe "$id" "$requirements" /etc/renkei/packages.allow || return 0
  installed=$("$ROOT/usr/bin/rpm" -qa --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\n' | sort -u)
  while IFS= read -r name; do
    refuse "$id" "$requirements" "package $name" 'installed' 'nothing that the image was not made with'
  done < <(comm -13 <(sort -u "$ROOT/etc/renkei/packages.allow") <(printf '%s\n' "$installed"))
  while IFS= read -r name; do
    refuse "$id" "$requirements" "package $name" 'missing' 'everything that the image was made with'
  done < <(comm -23 <(sort -u "$ROOT/etc/renkei/packages.allow") <(printf '%s\n' "$installed"))
  while IFS= read -r name; do
    for pattern in "$@"; do
      # shellcheck disable=SC2053 # a pattern on purpose
      [[ $name != $pattern ]] || refuse "$id" "$requirements" "package $name" 'installed' "none like $pattern"
    done
  done < <("$ROOT/usr/bin/rpm" -qa --qf '%{NAME}\n')
}

#@SETTINGS@

if (( refused > 0 )); then
  echo "renkei-session-check: $refused setting(s) are not as wanted; no session is given." \
    "Report this to the platform's operators." >&2
  exit 1
fi
