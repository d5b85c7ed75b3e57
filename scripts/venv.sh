# shellcheck shell=bash
# Sourced by start, test and .ci/run: finds a Python, makes .venv, and fills it from the hashed requirement files.
#
# A bare machine has a Python and nothing else, so everything here is bash and the standard library. What was installed
# last is written in .venv/.locanda-stamp; when nothing changed, preparing takes a few milliseconds.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
VENV="$ROOT/.venv"
STAMP="$VENV/.locanda-stamp"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 UV_NO_PROGRESS=1 UV_PYTHON_DOWNLOADS=never

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$@" >&2; }

# Prints the real path of an interpreter that is new enough, has venv and ensurepip, and works; else says what is missing.
# Every entry of PATH is tried, from outside the folder: a version manager's shim may refuse to run where
# .python-version asks for a version it does not have, while another Python on the same machine would do.
find_python() {
  local name candidate found almost=""
  local probe='import sys; assert sys.version_info >= (3, 11); print(sys.executable)'
  for name in ${LOCANDA_PYTHON:+"$LOCANDA_PYTHON"} python3.13 python3.12 python3.11 python3.14 python3 python; do
    while IFS= read -r candidate; do
      [ -n "$candidate" ] || continue
      found="$(cd / && "$candidate" -c "$probe" 2>/dev/null)" || continue
      [ -n "$found" ] || continue
      if (cd / && "$found" -c 'import venv, ensurepip, ssl, sqlite3') >/dev/null 2>&1; then
        printf '%s\n' "$found"
        return 0
      fi
      almost="${almost:-$found}"
    done < <(type -aP "$name" 2>/dev/null || true)
  done
  if [ -n "$almost" ]; then
    complain "Trovo $almost, ma gli manca il modulo venv (o ssl, o sqlite3)." \
      "Su Debian e Ubuntu: sudo apt-get install python3-venv" \
      "Found $almost, but it lacks the venv module (or ssl, or sqlite3)." \
      "On Debian and Ubuntu: sudo apt-get install python3-venv"
  else
    complain "Serve Python 3.11 o più recente, e qui non ne trovo uno che funzioni." \
      "Su Debian e Ubuntu: sudo apt-get install python3 python3-venv" \
      "Python 3.11 or newer is needed, and none that works was found here." \
      "If it is in an unusual place: LOCANDA_PYTHON=/path/to/python3 ./start"
  fi
  return 1
}

# What a finished .venv looks like: the kind of set, and a fingerprint of all that decides its content.
fingerprint() {
  local kind="$1" files=("$ROOT/requirements/uv.txt" "$ROOT/requirements/$1.txt" "$ROOT/pyproject.toml")
  printf '%s %s %s\n' "$kind" "$(cat "${files[@]}" | cksum | tr ' ' '-')" "$ROOT"
}

venv_works() {
  "$VENV/bin/python" -c 'import sys; assert sys.version_info >= (3, 11); import pip' >/dev/null 2>&1
}

# Runs a command in silence, and shows all it said when it fails.
quietly() {
  local log
  log="$(mktemp)"
  if "$@" >"$log" 2>&1 </dev/null; then
    rm -f "$log"
    return 0
  fi
  cat "$log" >&2
  rm -f "$log"
  return 1
}

cannot_install() {
  complain "" "Non riesco a installare ciò che serve: di solito manca la rete, o un proxy la blocca." \
    "Quando la rete torna, ripeti lo stesso comando: riprende da dove era." \
    "Could not install what is needed: usually the network is missing, or a proxy blocks it." \
    "When it is back, repeat the same command: it goes on from where it was."
  return 1
}

# uv is quick; pip is the way out where only pip knows how this machine reaches its packages.
sync_packages() {
  local kind="$1"
  if "$VENV/bin/uv" pip sync --python "$VENV/bin/python" --quiet --require-hashes \
    "$ROOT/requirements/$kind.txt" </dev/null 2>"$VENV/.uv-said"; then
    return 0
  fi
  if quietly "$VENV/bin/python" -m pip install --quiet --require-hashes -r "$ROOT/requirements/$kind.txt"; then
    return 0
  fi
  cat "$VENV/.uv-said" >&2
  return 1
}

# prepare app|dev: leaves a .venv with those packages and with .venv/bin/locanda. A .venv that already holds the
# packages of development keeps them: ./start after ./test must not take them away.
prepare() {
  local kind="$1" python
  if [ "$kind" = app ] && { grep -qs '^dev ' "$STAMP" || [ -x "$VENV/bin/pytest" ]; }; then kind=dev; fi
  if [ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$(fingerprint "$kind")" ] && venv_works &&
    [ -x "$VENV/bin/locanda" ]; then
    return 0
  fi
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$ROOT/.venv.lock"
    flock 9
    # another start or test may have finished the work while this one waited
    if [ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$(fingerprint "$kind")" ] && venv_works; then
      exec 9>&-
      return 0
    fi
  fi
  say "Preparo l'ambiente, solo questa volta... · Preparing the environment, this once..."
  if ! venv_works || { [ -f "$STAMP" ] && [ "$(cut -d' ' -f3- "$STAMP")" != "$ROOT" ]; }; then
    python="$(find_python)" || return 1
    rm -rf "$VENV"
    quietly "$python" -m venv "$VENV" || {
      rm -rf "$VENV"
      complain "Non riesco a creare .venv con $python." "Could not make .venv with $python."
      return 1
    }
  fi
  rm -f "$STAMP"
  quietly "$VENV/bin/python" -m pip install --quiet --require-hashes -r "$ROOT/requirements/uv.txt" ||
    cannot_install || return 1
  sync_packages "$kind" || cannot_install || return 1
  # the program itself, from this folder: what is edited in src is what runs
  quietly "$VENV/bin/uv" pip install --python "$VENV/bin/python" --quiet --offline --no-deps --no-build-isolation \
    --editable "$ROOT" || return 1
  rm -f "$VENV/.uv-said"
  fingerprint "$kind" >"$STAMP"
  exec 9>&-
}
