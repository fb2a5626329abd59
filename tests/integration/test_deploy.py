"""Do the files in deploy/ say what the program understands, and are they as tight as promised?

Where Debian's checkers are installed they are asked as well; each rule is also looked at here.
"""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.web.place_pages import ASSETS_AT
from console.visit import AT
from storage.shipped import load_holidays
from wenha.cli import _parser
from wenha.config import SECRET_ENV, TOKEN_ENV, Config, load

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
SERVICES = ("wenha.service", "wenha-backup.service")
PROGRAM = "/opt/wenha/current/bin/wenha"
LOOSEST = 20  # tenths of systemd's exposure level: 2.0 of 10
OFFLINE_SINCE = 250  # the first systemd that looks at a file of a service that is not installed

_FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def understood(words: list[str]) -> dict[str, Any]:
    """What the program makes of a command line; an unknown word fails."""
    return vars(_parser().parse_args(words))


def tool(*words: str) -> str:
    """Run a checker; return what it says, empty when it is not installed; it must agree."""
    if shutil.which(words[0]) is None:
        return ""
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


# systemd


def unit(name: str) -> dict[tuple[str, str], list[str]]:
    """Every setting of a unit by section and key."""
    found: dict[tuple[str, str], list[str]] = {}
    section = ""
    for line in (DEPLOY / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault((section, key), []).append(value)
    return found


def service(name: str) -> dict[str, list[str]]:
    return {key: value for (section, key), value in unit(name).items() if section == "Service"}


TIGHT = {
    "ProtectSystem": ["strict"],
    "ProtectHome": ["yes"],
    "PrivateTmp": ["yes"],
    "PrivateDevices": ["yes"],
    "NoNewPrivileges": ["yes"],
    "CapabilityBoundingSet": [""],
    "MemoryDenyWriteExecute": ["yes"],
    "RestrictNamespaces": ["yes"],
    "SystemCallFilter": ["@system-service", "~@privileged @resources"],
    "StateDirectory": ["wenha"],
    "StateDirectoryMode": ["0700"],
    "UMask": ["0077"],
    "User": ["wenha"],
    "EnvironmentFile": ["/etc/wenha/wenha.env"],
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_write_its_own_folder_and_nothing_else(name: str) -> None:
    settings = service(name)
    assert {key: settings.get(key) for key in TIGHT} == TIGHT
    assert "MemoryMax" in settings
    assert not {"ReadWritePaths", "Environment"} & set(settings)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_a_command_that_there_is(name: str) -> None:
    (line,) = service(name)["ExecStart"]
    program, *words = shlex.split(line)
    assert program == PROGRAM
    assert understood(words)["config"] == Path("/etc/wenha/config.yaml")


def test_the_service_comes_back_whatever_happened_and_has_time_to_stop() -> None:
    settings = service("wenha.service")
    assert settings["Restart"] == ["always"]
    assert settings["KillSignal"] == ["SIGTERM"]
    assert int(settings["TimeoutStopSec"][0]) >= 60
    assert unit("wenha.service")["Unit", "StartLimitIntervalSec"] == ["0"]


def test_the_backup_runs_daily_keeps_fourteen_and_needs_no_network() -> None:
    timer, settings = unit("wenha-backup.timer"), service("wenha-backup.service")
    assert timer["Timer", "OnCalendar"] == ["*-*-* 03:30:00"]
    assert timer["Timer", "Persistent"] == ["true"]
    assert understood(shlex.split(settings["ExecStart"][0])[1:])["keep"] == 14
    assert settings["PrivateNetwork"] == ["yes"]


def test_systemd_understands_every_line(tmp_path: Path) -> None:
    for path in (*SERVICES, "wenha-backup.timer"):
        text = (DEPLOY / path).read_text("utf-8")  # a program that there is: ours may not be yet
        (tmp_path / path).write_text(text.replace(PROGRAM, sys.executable), "utf-8")
        for line in text.splitlines():
            assert re.fullmatch(r"#.*|\[\w+\]|[A-Z]\w+=.*|", line), line
    said = tool("systemd-analyze", "verify", *map(str, tmp_path.iterdir()))
    assert [line for line in said.splitlines() if str(tmp_path) in line or "wenha" in line] == []


@pytest.mark.parametrize("name", SERVICES)
def test_systemd_finds_little_exposed(name: str) -> None:
    known = re.match(r"systemd (\d+)", tool("systemd-analyze", "--version"))
    if known and int(known[1]) >= OFFLINE_SINCE:
        offline = ("--offline=true", f"--threshold={LOOSEST}", "--no-pager")
        tool("systemd-analyze", "security", *offline, str(DEPLOY / name))
    assert len([line for line in service(name) if line.startswith(("Protect", "Private"))]) >= 11


# containers


def instructions() -> list[tuple[str, str]]:
    """Every instruction of the Dockerfile."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def final_stage() -> list[tuple[str, str]]:
    lines = instructions()
    last = max(number for number, (word, _) in enumerate(lines) if word == "FROM")
    return lines[last:]


def test_the_last_stage_of_the_image_has_no_tools_and_no_root() -> None:
    stages = [rest for word, rest in instructions() if word == "FROM"]
    assert len(stages) == 2
    assert all(re.match(r"python:3\.\d+-slim-\w+( AS build)?$", stage) for stage in stages)
    last = dict(final_stage())
    assert last["USER"] == "8321:8321"
    assert "pip uninstall" in last["RUN"]
    assert not re.search(r"apt-get|pip install|gcc|make", " ".join(last.values()))


def test_the_image_is_given_files_that_there_are_and_no_secrets() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert ignored[0] == "*"
    for word, rest in instructions():
        if word == "COPY" and "--from" not in rest:
            for name in rest.split()[:-1]:
                assert (ROOT / name).exists()
                assert f"!{name.split('/')[0]}" in ignored
    assert ignored.index("deploy/wenha.env") > ignored.index("!deploy")
    assert "/deploy/wenha.env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_the_image_starts_a_command_that_there_is_and_asks_how_it_is() -> None:
    last = dict(final_stage())
    entry, command = yaml.safe_load(last["ENTRYPOINT"]), yaml.safe_load(last["CMD"])
    assert understood([*entry[1:], *command])["config"] == Path("/etc/wenha/config.yaml")
    port = load(DEPLOY / "container.yaml", load_holidays()).web.port
    assert f"http://127.0.0.1:{port}/healthz" in last["HEALTHCHECK"]


def test_the_container_s_configuration_listens_and_keeps_data_in_the_volume() -> None:
    config = load(DEPLOY / "container.yaml", load_holidays())
    assert config.web.host == "0.0.0.0"  # noqa: S104 - inside the container; published to loopback
    assert config.database.parent == Path("/data")


def test_the_composed_service_is_closed_but_for_the_loopback(tmp_path: Path) -> None:
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    assert set(composed) == {"services", "volumes"}
    settings = composed["services"]["wenha"]
    assert settings["ports"] == ["127.0.0.1:8321:8321"]
    assert (settings["read_only"], settings["cap_drop"]) == (True, ["ALL"])
    assert settings["security_opt"] == ["no-new-privileges:true"]
    assert set(settings["volumes"][0].split(":")[:1]) == set(composed["volumes"])
    assert {"mem_limit", "pids_limit", "stop_grace_period"} <= set(settings)
    # and the older compose that needs no engine to look at it agrees
    shutil.copytree(DEPLOY, tmp_path / "deploy")
    (tmp_path / "deploy" / "wenha.env").write_text("TELEGRAM_BOT_TOKEN=1:a\n")
    tool("docker-compose", "-f", str(tmp_path / "deploy" / "compose.yaml"), "config", "-q")


# the proxy


def test_the_proxy_lets_the_webhook_and_the_pages_through_and_nothing_else() -> None:
    text = (DEPLOY / "Caddyfile").read_text("utf-8")
    default = Config()
    assert f"path {default.telegram.webhook.path}\n" in text
    assert text.count(f"reverse_proxy {default.web.host}:{default.web.port}\n") == 2
    assert text.count("reverse_proxy") == 2
    assert f"path /v/* {ASSETS_AT}/* {AT} {AT}/*\n" in text
    assert "respond 404" in text
    assert text.count("{") == text.count("}")
    tool("caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile"))


# scripts and the guide


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.glob("*.sh")))
def test_a_script_is_one_the_shell_understands_and_stops_at_the_first_failure(name: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert "\nset -eu\n" in text
    assert tool("sh", "-n", str(DEPLOY / name)) == ""


def test_the_installer_takes_only_what_the_lock_names() -> None:
    text = (DEPLOY / "install.sh").read_text("utf-8").replace("\\\n", "")
    installs = [line for line in text.splitlines() if " install " in f" {line} " and "pip" in line]
    installs = [line for line in installs if not line.lstrip().startswith(("#", "pip()"))]
    assert len(installs) == 3
    for line in installs:
        assert "--require-hashes" in line or "--no-index" in line
    assert re.search(r"^setuptools==.*\\$", (ROOT / "requirements-dev.lock").read_text(), re.M)


def test_the_secrets_are_named_as_the_program_reads_them() -> None:
    text = (DEPLOY / "wenha.env.example").read_text("utf-8")
    names = re.findall(r"^(\w+)=$", text, re.MULTILINE)  # and none has a value
    assert names == [TOKEN_ENV, SECRET_ENV]
    assert len(names) == len([line for line in text.splitlines() if "=" in line])


def typed() -> Iterator[str]:
    """Every line of the guide that is to be typed."""
    for block in _FENCE.findall((DEPLOY / "README.md").read_text("utf-8")):
        yield from block.splitlines()


def test_every_command_of_the_guide_is_one_that_there_is() -> None:
    ours = [line for line in typed() if re.match(r"wenha |docker compose exec wenha wenha ", line)]
    for line in ours:
        words = shlex.split(re.sub(r"\$\([^)]*\)", "x", line))
        understood(words[len(words) - words[::-1].index("wenha") :])
    kinds = {shlex.split(line)[1] for line in ours if line.startswith("wenha ")}
    assert {"doctor", "bind", "backup", "restore"} <= kinds


def test_every_file_that_the_guide_installs_is_there() -> None:
    named = {
        word
        for line in typed()
        for word in shlex.split(line)
        if re.fullmatch(r"(deploy/[\w.-]+|config\.yaml)", word)
    }
    assert {"deploy/install.sh", "deploy/wenha.sh", "config.yaml"} <= named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_guide_replaces_a_line_that_stands_in_the_configuration() -> None:
    assert "database: data/wenha.db" in (ROOT / "config.yaml").read_text("utf-8").splitlines()
    assert "`database: data/wenha.db`" in (DEPLOY / "README.md").read_text("utf-8")


def test_every_number_of_the_guide_is_one_we_have() -> None:
    named = set(re.findall(r"`(wenha_\w+)`", (DEPLOY / "README.md").read_text("utf-8")))
    have = set(re.findall(r'"(wenha_\w+)"', (ROOT / "wenha" / "metrics.py").read_text("utf-8")))
    assert named
    assert named <= have
