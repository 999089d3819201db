#!/bin/bash
# base-image.sh runtime|sdk DOTNET_ROOT [PACKAGE_FOLDER PACKAGE...]
# Writes to standard output, as a tar, a root file system that can stand in for the .NET images where those cannot be pulled: this machine's own
# .NET and the libraries that it loads; with "sdk" also the SDK, a shell, and the named packages (ID/VERSION) of a NuGet package folder.
set -euo pipefail
kind=$1 dotnet=$(readlink -f "$2"); shift 2
extra=$(mktemp -d); trap 'rm -rf "$extra"' EXIT

libraries() {
  { find "$dotnet/shared" "$dotnet/host" -name '*.so' -print0 | xargs -0 ldd "$dotnet/dotnet" "$@" 2>/dev/null
    # Loaded by name at run time: TLS.
    ldconfig -p | grep -E 'lib(ssl|crypto)\.so\.3 ' | head -4 | xargs -n1 | grep ^/
  } | grep -oE '/[^ ]+\.so[^ ]*' | grep -v "^$dotnet" | sort -u
}

mkdir -p "$extra"/{etc,tmp,root}
chmod 1777 "$extra/tmp"
printf 'root:x:0:0:root:/root:/bin/sh\napp:x:1654:1654::/home/app:/usr/sbin/nologin\n' >"$extra/etc/passwd"
printf 'root:x:0:\napp:x:1654:\n' >"$extra/etc/group"
arguments=(--create --dereference --hard-dereference --transform "s,^${dotnet#/},usr/share/dotnet,")
what=("${dotnet#/}/dotnet" "${dotnet#/}/host" "${dotnet#/}/shared" etc/ssl/certs)
if [ "$kind" = sdk ]; then
  what+=(bin/dash "${dotnet#/}/sdk" "${dotnet#/}/packs" "${dotnet#/}/sdk-manifests")
  arguments+=(--transform 's,^bin/dash$,bin/sh,')
  # Parts of the SDK that building C# takes nothing from, and messages in other languages.
  for part in FSharp DotnetTools Containers TestHostNetFramework Sdks/Microsoft.NET.Sdk.BlazorWebAssembly Sdks/Microsoft.NET.Sdk.WindowsDesktop '*.resources.dll'; do
    arguments+=(--exclude "${dotnet#/}/sdk/*/$part")
  done
  if [ $# -gt 0 ]; then
    folder=$(readlink -f "$1"); shift
    arguments+=(--transform "s,^${folder#/},root/.nuget/packages,")
    for package; do what+=("${folder#/}/$package"); done
  fi
  mapfile -t found < <(libraries /bin/dash)
else
  mapfile -t found < <(libraries)
fi
tar "${arguments[@]}" -C / "${what[@]}" "${found[@]#/}" -C "$extra" etc tmp root
