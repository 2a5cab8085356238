#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Installs what the benchmark needs where it is missing, and makes a release build, whose folder is the last line.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../support/install.sh"

install_missing "${BUILD_PACKAGES[@]}" "${SERVER_PACKAGES[@]}" smbclient libsmbclient-dev
configure_and_build bench --buildtype=release -Dintrospection=disabled -Dvapi=disabled
printf '%s\n' "$build"
