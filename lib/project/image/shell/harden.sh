#!/bin/bash
# Hardens the builder WorkSpace, from which the desktop image is made. Generated from
# policies/project/desktop/profile.yaml: change that, not this.
# It can run any number of times; the second run changes nothing. Run it as root: bash harden.sh [--root <folder>]
set -euo pipefail
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH

ROOT=
if [[ ${1:-} == --root ]]; then
  ROOT=${2:?"--root needs a folder"}
fi

# Puts $2 in the place of $1 if it differs; owner, mode and symbolic links of $1 stay.
replace() {
  if cmp -s "$2" "$1"; then
    rm -f "$2"
  else
    cat "$2" > "$1"
    rm -f "$2"
    echo "changed ${1#"$ROOT"}"
  fi
}

# The file $1, made empty where it is missing.
present() {
  mkdir -p "${1%/*}"
  [[ -e $1 ]] || : > "$1"
}

# put_file <path> <mode>, content from standard input
put_file() {
  local file=$ROOT$1 new=$ROOT$1.renkei-new
  mkdir -p "${file%/*}"
  cat > "$new"
  [[ ! -L $file ]] || rm -f "$file"
  present "$file"
  replace "$file" "$new"
  chmod "$2" "$file"
}

# set_ini <path> <section> <key> <value>: exactly one such key in the section
set_ini() {
  local file=$ROOT$1
  present "$file"
  awk -v section="$2" -v key="$3" -v value="$4" '
    function wanted() { if (inside && !done) { print key " = " value; done = 1 } }
    /^[[:space:]]*\[/ {
      wanted()
      name = $0
      gsub(/^[[:space:]]*\[|\][[:space:]]*$/, "", name)
      inside = (name == section)
      print
      next
    }
    inside {
      name = $0
      sub(/[[:space:]]*=.*/, "", name)
      sub(/^[[:space:]]*/, "", name)
      if (name == key) { wanted(); next }
    }
    { print }
    END {
      wanted()
      if (!done) { print "[" section "]"; print key " = " value }
    }
  ' "$file" > "$file.renkei-new"
  replace "$file" "$file.renkei-new"
}

# set_directive <path> <key> <separator> <value>: exactly one line that begins with the key
set_directive() {
  local file=$ROOT$1
  present "$file"
  awk -v key="$2" -v separator="$3" -v value="$4" '
    { name = $0; sub(/^[[:space:]]*/, "", name); sub(/[[:space:]=].*/, "", name) }
    name == key { if (!done) print key separator value; done = 1; next }
    { print }
    END { if (!done) print key separator value }
  ' "$file" > "$file.renkei-new"
  replace "$file" "$file.renkei-new"
}

# end_with <path> <line>...: the file ends with these lines and has them nowhere else
end_with() {
  local file=$ROOT$1
  shift
  present "$file"
  printf '%s\n' "$@" > "$file.renkei-lines"
  { grep -vxF -f "$file.renkei-lines" "$file" || true; cat "$file.renkei-lines"; } > "$file.renkei-new"
  rm -f "$file.renkei-lines"
  replace "$file" "$file.renkei-new"
}

# mask <unit>...: systemd never starts it
mask() {
  mkdir -p "$ROOT/etc/systemd/system"
  local unit
  for unit in "$@"; do
    ln -sfn /dev/null "$ROOT/etc/systemd/system/$unit"
  done
}

# enable <unit> <target>
enable() {
  mkdir -p "$ROOT/etc/systemd/system/$2.wants"
  ln -sfn "/usr/lib/systemd/system/$1" "$ROOT/etc/systemd/system/$2.wants/$1"
}

# forbid_modules <module>...
forbid_modules() {
  local module
  for module in "$@"; do
    printf 'blacklist %s\ninstall %s /bin/false\n' "$module" "$module"
  done | put_file /etc/modprobe.d/renkei.conf 0644
}

# keep_only <folder> <entry>...: nothing else in a folder that is ours
keep_only() {
  local folder=$ROOT$1 entry name
  shift
  mkdir -p "$folder"
  for entry in "$folder"/* "$folder"/.[!.]*; do
    [[ -e $entry ]] || continue
    name=${entry##*/}
    [[ " $* " == *" $name "* ]] || { rm -rf "$entry"; echo "removed ${entry#"$ROOT"}"; }
  done
}

compile_dconf() {
  "$ROOT/usr/bin/dconf" update "$ROOT/etc/dconf/db"
}

no_swap() {
  present "$ROOT/etc/fstab"
  awk '$1 !~ /^#/ && $3 == "swap" { print "# " $0; next } { print }' "$ROOT/etc/fstab" > "$ROOT/etc/fstab.renkei-new"
  replace "$ROOT/etc/fstab" "$ROOT/etc/fstab.renkei-new"
  mask swap.target
  [[ -n $ROOT ]] || swapoff -a
}

# no_sudo <allowed user>...: every other grant becomes a comment. A grant that is continued on the next line ends in a
# file that sudo refuses to read, which closes it as well.
no_sudo() {
  local file
  for file in "$ROOT/etc/sudoers" "$ROOT"/etc/sudoers.d/*; do
    [[ -f $file ]] || continue
    awk -v allowed=" $* " '
      /^[[:space:]]*$/ || /^[[:space:]]*Defaults/ { print; next }
      /^[[:space:]]*(User|Runas|Host|Cmnd)_Alias[[:space:]]/ { print; next }
      /^[#@]includedir[[:space:]]+\/etc\/sudoers\.d[[:space:]]*$/ { print; next }
      /^[[:space:]]*#[^0-9i]/ || /^[[:space:]]*#$/ || /^[[:space:]]*#i[^n]/ { print; next }
      index(allowed, " " $1 " ") { print; next }
      { print "# closed: " $0 }
    ' "$file" > "$file.renkei-new"
    replace "$file" "$file.renkei-new"
  done
}

# software "<add>" "<remove>": what is installed afterwards is the list that the session check allows, and the image's
# bill of materials
software() {
  local installed remove=() name
  # shellcheck disable=SC2086 # a list of words on purpose
  "$ROOT/usr/bin/dnf" -y install $1
  installed=$("$ROOT/usr/bin/rpm" -qa --qf '%{NAME}\n')
  for name in $2; do
    ! grep -qxF "$name" <<< "$installed" || remove+=("$name")
  done
  (( ${#remove[@]} == 0 )) || "$ROOT/usr/bin/dnf" -y remove "${remove[@]}"
  "$ROOT/usr/bin/rpm" -qa --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\n' | sort -u |
    put_file /etc/renkei/packages.allow 0644
}

#@SETTINGS@

if [[ -z $ROOT ]]; then
  sysctl --system > /dev/null
  restorecon -R /etc /usr/local/sbin /usr/share/gnome-shell/extensions 2> /dev/null || true
fi
echo 'hardened: now run renkei-session-check'
