"""Command lines as such: help, version, completion, mistakes. No host is opened."""
import shutil
import subprocess

from harness import Case, expect


def shell_accepts(shell, arguments):
    """The completion script is valid for the shell, where that is installed; other shells are not judged."""
    def check(world):
        if shutil.which(shell):
            script = world.run(["completion", shell]).stdout
            done = subprocess.run([shell, *arguments], input=script, capture_output=True)
            expect(done.returncode == 0, f"{shell}: {done.stderr.decode()}")
    return check


def bash_completes(line, wanted):
    def check(world):
        if not shutil.which("bash"):
            return
        script = world.run(["completion", "bash"]).stdout.decode()
        words = line.split(" ")
        quoted = " ".join(f"'{word}'" for word in words)
        script += f"\nCOMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _exhyperv; printf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
        offered = subprocess.run(["bash", "-c", script], capture_output=True, text=True).stdout.split()
        expect(set(wanted) <= set(offered), f"bash offers {offered} for {line!r}")
    return check


def nothing_written(world):
    expect(all(path.name == "config.json" for path in world.data.iterdir()), "a file was left behind")


CASES = [
    Case("version", "--version", out=("exhyperv ",), after=nothing_written),
    Case("no words at all explain the program", "", out=("Usage", "gpu add", "Exit codes"), raw=True),
    Case("help", "--help", out=("Usage", "Commands", "--dry-run"), raw=True, after=nothing_written),
    Case("help in Chinese by option", "--help --lang zh-Hans", out=("用法", "退出码"), raw=True),
    Case("help in Chinese by locale", "--help", env={"LANG": "zh_CN.UTF-8"}, out=("用法",), raw=True),
    Case("LC_ALL comes before LANG", "--help", env={"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, out=("Usage",), raw=True),
    Case("help of a command teaches", "gpu add --help", out=("Examples", "--dry-run", "--shutdown", "(required)"), raw=True),
    Case("help as a first word", "help gpu add", out=("exhyperv gpu add GPU --vm VM",), raw=True),
    Case("a group alone is a usage error that shows its commands", "gpu", code=2, err=("gpu add", "gpu remove"), raw=True),
    Case("bash completion", "completion bash", out=("complete ",), raw=True, after=shell_accepts("bash", ["-n"])),
    Case("zsh completion", "completion zsh", out=("#compdef exhyperv",), raw=True, after=shell_accepts("zsh", ["-n"])),
    Case("fish completion", "completion fish", out=("complete -c exhyperv",), raw=True, after=shell_accepts("fish", ["-n"])),
    Case("PowerShell completion", "completion powershell", out=("Register-ArgumentCompleter",), raw=True),
    Case("bash completes commands", "--version", after=bash_completes("exhyperv g", ["gpu", "guest"])),
    Case("bash completes verbs", "--version", after=bash_completes("exhyperv gpu ", ["add", "remove", "list", "show"])),
    Case("bash completes options", "--version", after=bash_completes("exhyperv gpu add --d", ["--dry-run", "--disk"])),
    Case("bash completes choices", "--version", after=bash_completes("exhyperv status --lang ", ["en", "zh-Hans"])),
    Case("bash completes fixed arguments", "--version", after=bash_completes("exhyperv completion ", ["fish"])),
    Case("a mistyped command", "statsu", code=2, error="cli.unknown_command_near", err=("exhyperv status",)),
    Case("an unknown command", "frobnicate", code=2, error="cli.unknown_command"),
    Case("a mistyped verb", "gpu ad", code=2, error="cli.unknown_command_near", err=("exhyperv gpu add",)),
    Case("an unknown option", "status --frobnicate", code=2, error="cli.unknown_option"),
    Case("a mistyped option", "gpu add x --vm y --dryrun", code=2, error="cli.unknown_option_near", err=("--dry-run",)),
    Case("a name without quotes", "gpu add RTX 4070 --vm win11", code=2, error="cli.unexpected_argument", err=("quotes",)),
    Case("a missing argument", "vm show", code=2, error="cli.missing_argument"),
    Case("a missing option", "gpu add x", code=2, error="cli.missing_option", err=("--vm",)),
    Case("a missing value", "gpu add x --vm", code=2, error="cli.missing_value", err=("--vm",)),
    Case("an option twice", "gpu add x --vm a --vm b", code=2, error="cli.option_twice"),
    Case("a language nobody wrote", "status --lang=tlh", code=2, err=("en, zh-Hans, auto",)),
    Case("contradicting options", "gpu add x --vm y --shutdown --turn-off", code=2, error="cli.contradiction"),
    Case("a partition that is no number", "gpu add x --vm y --partition one", code=2, error="cli.bad_value"),
    Case("a partition out of range", "gpu add x --vm y --partition 129", code=2, error="cli.bad_value"),
    Case("a time that is none", "status --timeout soon", code=2, error="cli.bad_value", err=("30, 90s, 5m, 1h",)),
    Case("no time at all", "status --timeout 0", code=2, error="cli.bad_value"),
    Case("a host that is none", "status --host workstation", code=2, error="app.host_uri"),
    Case("a local host on this system", "status --host local:", code=2, error="app.host_not_supported", linux_only=True),
    Case("a remote host", "status --host https://server:5986", code=2, error="app.host_not_supported"),
    Case("a host parameter that is wrong", "status --host sim:?latency=fast", code=2, error="app.host_uri_parameter"),
    Case("resetting what is not simulated", "sim reset --host local: --yes", code=2, error="app.not_simulated"),
]
