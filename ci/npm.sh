# npm_install FOLDER WHAT: what FOLDER/package.json names, WHAT in words; where it cannot be had the check that asks
# is skipped, and says why (sourced by those checks).
npm_install() {
    command -v node >/dev/null && command -v npm >/dev/null || {
        echo "SKIP: node or npm is not installed (ci/install --test)"
        exit 77
    }
    (cd "$1" && npm install --no-audit --no-fund --loglevel=error >npm.log 2>&1) || {
        echo "SKIP: $2 cannot be had from the package registry"
        tail -5 "$1/npm.log"
        exit 77
    }
}
