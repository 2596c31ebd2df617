# Sourced by infra/run and infra/test: what has to be on the machine, and how it gets there.
# Says what it does on standard error, does nothing and needs no network when everything is there.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say() { printf '%s\n' "$*" >&2; }

# need_toolchain: .NET SDK 10 and Node, which are not ours to install.
need_toolchain() {
    if ! command -v dotnet > /dev/null || ! dotnet --list-sdks | grep -q '^1[0-9]\.'; then
        say "The .NET SDK 10 is not on this machine."
        say "Get it from https://dotnet.microsoft.com/download/dotnet/10.0 (or your distribution's dotnet-sdk-10.0) and run this again."
        exit 1
    fi
    if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
        say "Node.js with npm is not on this machine; the dashboard's graph is built with it."
        say "Install it (Debian: apt-get install nodejs npm; any version from 18) and run this again."
        exit 1
    fi
    # Programs we build find the runtime beside the dotnet that built them, wherever that was unpacked.
    if [ -z "${DOTNET_ROOT:-}" ]; then
        DOTNET_ROOT="$(dirname "$(readlink -f "$(command -v dotnet)")")"
        export DOTNET_ROOT
    fi
}

# need PROGRAM=PACKAGE...: installs the Debian packages of the programs that are missing.
# A name with a slash is a file or folder that has to exist.
need() {
    local pair name missing=()
    for pair in "$@"; do
        name="${pair%%=*}"
        case "$name" in
            */*) [ -e "$name" ] || missing+=("${pair#*=}") ;;
            *) PATH="$PATH:/usr/sbin:/sbin" command -v "$name" > /dev/null || missing+=("${pair#*=}") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    local as_root=()
    if ! command -v apt-get > /dev/null; then
        say "Missing: ${missing[*]} (names of Debian packages). This is not a Debian system: install their like by hand and run this again."
        exit 1
    fi
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo > /dev/null; then
            say "Missing: ${missing[*]}. As root, run: apt-get install ${missing[*]}"
            exit 1
        fi
        as_root=(sudo)
    fi
    say "Installing ${missing[*]} with ${as_root[*]:+sudo }apt-get ..."
    local log
    log="$(mktemp)"
    if ! { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
           "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}"; } > "$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        say "apt-get could not install ${missing[*]}; its own words stand above. Install them by hand and run this again."
        exit 1
    fi
    rm -f "$log"
}

# want PROGRAM=PACKAGE...: as need, but goes on without what can not be installed.
want() { (need "$@") || say "Going on without."; }

# orleans_restores: whether the packages of the Orleans host can be had here, or are here already. A registry that hangs is a registry that has none.
orleans_restores() {
    timeout --kill-after=10s 5m dotnet restore "$root/tests" -p:TrustMeshOrleans=true --nologo -v quiet --disable-build-servers > /dev/null 2>&1
}

# want_azurite: the blob storage that stands for Azure's, below infra/azurite; goes on without it.
want_azurite() {
    local folder="$root/infra/azurite" log
    [ -z "${TRUSTMESH_AZURITE:-}" ] || return 0
    if [ -e "$folder/node_modules/.bin/azurite-blob" ] && [ ! "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ]; then return 0; fi
    say "Getting Azurite with npm ..."
    log="$(mktemp)"
    if ! timeout --kill-after=10s 10m npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error > "$log" 2>&1; then
        cat "$log" >&2
        say "npm could not get Azurite; its own words stand above. Going on without."
    fi
    rm -f "$log"
}

# build [PROPERTY...]: the whole solution; quiet when it works, its errors when it does not. No build server stays behind.
build() {
    say "Building ..."
    local log
    log="$(mktemp)"
    # A compiler that runs once is not worth watching to compile it better.
    if ! DOTNET_TieredPGO=0 dotnet build "$root/TrustMesh.sln" --nologo -v quiet --disable-build-servers "$@" > "$log" 2>&1; then
        grep -E '(error|warning) ' "$log" | sort -u >&2 || cat "$log" >&2
        rm -f "$log"
        say "The build failed; its errors stand above."
        return 1
    fi
    rm -f "$log"
}

# previous_version FOLDER: the sources of the version before, out of the repository's own history and beside its working tree. Fails where they can not be had,
# with the reason on standard output.
previous_version() {
    local commit
    commit="$(grep -v -e '^#' -e '^$' "$root/infra/previous-version")"
    if ! git -C "$root" rev-parse --git-dir > /dev/null 2>&1; then
        echo "the version before (${commit:0:7}) is in the history of a git repository, and this is none"
        return 1
    fi
    if ! git -C "$root" cat-file -e "$commit^{tree}" 2> /dev/null; then
        echo "the version before (${commit:0:7}) is not in this clone; git fetch --unshallow gets it"
        return 1
    fi
    mkdir -p "$1"
    git -C "$root" archive "$commit" | tar -x -C "$1"
}

# build_previous FOLDER: its silo, as a member of a cluster. Fails as previous_version does.
build_previous() {
    local log="$1.txt"
    previous_version "$1" || return 1
    say "Building the version before ..."
    if ! DOTNET_TieredPGO=0 dotnet build "$1/silo/Host" -p:TrustMeshOrleans=true --nologo -v quiet --disable-build-servers > "$log" 2>&1; then
        grep -E '(error|warning) ' "$log" | sort -u >&2 || cat "$log" >&2
        echo "the version before can not be built here"
        return 1
    fi
}
