#!/bin/sh
# 把程序装到服务器上：sh deploy/install.sh [目录]，默认 /opt/wenha。升级也是这一条。
# 每装一次是一个新目录 releases/时间，current 指向最新的；退回上一版，把 current 指回去就行。
# 只装锁文件里的版本，逐个对过校验值；不编译，装好的目录里没有 pip。
set -eu
umask 022
prefix=${1:-/opt/wenha}
python=${PYTHON:-python3}
source=$(cd "$(dirname "$0")/.." && pwd)
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "需要 Python 3.11 或更新版本；可用 PYTHON=python3.12 sh $0 指定。" >&2
  exit 1
}

work=$(mktemp -d)
unfinished=
trap 'rm -rf "$work" ${unfinished:+"$unfinished"}' EXIT
release=$prefix/releases/$(date -u +%Y%m%d-%H%M%S)

# 打包的工具只在临时目录里，也按锁文件装
"$python" -m venv "$work/tools"
awk '/^[a-z]/ { wanted = /^setuptools==/ } wanted' "$source/requirements-dev.lock" >"$work/tools.lock"
pip() { "$work/tools/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
pip install --require-hashes -r "$work/tools.lock"
mkdir "$work/source"
(cd "$source" && cp -R pyproject.toml base bot escalation knowledge storage wenha "$work/source/")
pip wheel --no-deps --no-build-isolation --wheel-dir "$work" "$work/source"

mkdir -p "$prefix/releases"
unfinished=$release
"$python" -m venv --without-pip "$release"
pip --python "$release/bin/python" install --only-binary :all: --require-hashes \
  -r "$source/requirements.lock"
pip --python "$release/bin/python" install --no-deps --no-index "$work"/wenha-*.whl
"$release/bin/wenha" --help >/dev/null
ln -sfn "$release" "$prefix/current"
unfinished=
echo "装好了：$prefix/current/bin/wenha"
