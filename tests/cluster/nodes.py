"""A cluster of OpenSearch on loopback: one process a node, from jars of Maven Central, stopped by process id.

`python -m tests.cluster.nodes FOLDER --nodes 3` starts one and stops it on Ctrl-C or when its input ends;
`--resolve` only looks whether one can be started: the jars are in FOLDER then.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

POM: Final = Path(__file__).with_name("pom.xml")
_TRIES: Final = 3
_HEAP: Final = "512m"
_NOBODY: Final = 65534
#: Of each module: its class, what it extends, how the names of its own jars begin, and what it asks of the policy.
_MODULES: Final = {
    "transport-netty4": (
        "org.opensearch.transport.Netty4Plugin", "", ("transport-netty4", "netty-"),
        ['java.io.FilePermission "/proc/sys/net/core/somaxconn", "read"',
         'java.net.SocketPermission "*", "accept,connect"', 'java.lang.RuntimePermission "*"',
         'java.util.PropertyPermission "*", "read,write"'],
    ),
    "lang-painless": (
        "org.opensearch.painless.PainlessPlugin", "",
        ("lang-painless", "opensearch-scripting-painless-spi", "antlr4-", "asm-"),
        ['java.lang.RuntimePermission "createClassLoader"', 'java.lang.RuntimePermission "getClassLoader"'],
    ),
    "analysis-common": (
        "org.opensearch.analysis.common.CommonAnalysisPlugin", "lang-painless", ("analysis-common",), [],
    ),
}  # fmt: skip
_LOG: Final = """status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %c{1.} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
"""


def missing() -> str:
    """Return why no cluster can be started here, nothing if one can."""
    lacking = [name for name in ("java", "mvn") if not shutil.which(name)]
    return f"no cluster can be started without {' and '.join(lacking)}" if lacking else ""


def resolve(cache: Path) -> Path:
    """Lay out the server's home below `cache`, with the jars that Maven finds; kept until the POM changes."""
    home = cache / "home"
    stamp = home / POM.name
    if stamp.is_file() and stamp.read_bytes() == POM.read_bytes():
        return home
    shutil.rmtree(home, ignore_errors=True)
    lib = home / "lib"
    lib.mkdir(parents=True)
    line = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={lib}"]
    for turn in range(_TRIES):
        done = subprocess.run(line, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode == 0:
            break
        time.sleep(5 * turn)
    else:
        raise RuntimeError(f"Maven does not find the jars of OpenSearch: {(done.stdout + done.stderr)[-2000:]}")
    for folder in ("bin", "config", "extensions", "plugins"):
        (home / folder).mkdir()
    for name, module in _MODULES.items():
        _lay_out(home / "modules" / name, lib, name, *module)
    stamp.write_bytes(POM.read_bytes())
    return home


def _lay_out(folder: Path, lib: Path, name: str, main: str, extends: str, jars: tuple[str, ...],
             grants: list[str]) -> None:  # fmt: skip
    """Make a module's folder: it has a class loader and a policy of its own."""
    folder.mkdir(parents=True)
    for jar in lib.iterdir():
        if jar.name.startswith(jars):
            jar.rename(folder / jar.name)
    version = next(lib.glob("opensearch-[0-9]*.jar")).stem.removeprefix("opensearch-")
    (folder / "plugin-descriptor.properties").write_text("\n".join([
        f"name={name}", f"description={name}", f"version={version}", f"opensearch.version={version}", "java.version=11",
        f"classname={main}", f"extended.plugins={extends}", "has.native.controller=false", "",
    ]))
    if grants:
        lines = "\n".join(f"  permission {grant};" for grant in grants)
        (folder / "plugin-security.policy").write_text(f"grant {{\n{lines}\n}};\n")


def _free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


@dataclass
class Cluster:
    """Nodes below `base`, each with a folder of its own; a context manager that stops them.

    The jars are kept in `cache`.
    """

    base: Path
    cache: Path
    count: int = 3
    heap: str = _HEAP
    home: Path = field(init=False)
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Resolve the jars and choose the ports."""
        self.home = resolve(self.cache)
        ports = _free_ports(2 * self.count)
        self._http, self._transport = ports[: self.count], ports[self.count :]

    @property
    def urls(self) -> list[str]:
        """Addresses of all nodes, dead ones as well."""
        return [f"http://127.0.0.1:{port}" for port in self._http]

    @property
    def pids(self) -> list[int]:
        """Processes of the nodes that run."""
        return [process.pid for process in self.processes.values()]

    def __enter__(self) -> "Cluster":
        try:
            for node in range(self.count):
                self.start(node)
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, node: int) -> None:
        """Start a node, on the data that it left."""
        folder = self.base / f"node{node}"
        for name in ("config", "data", "logs", "tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "config" / "log4j2.properties").write_text(_LOG)
        (folder / "config" / "opensearch.yml").write_text(json.dumps(self._settings(node, folder)))
        flags = [
            f"-Xms{self.heap}", f"-Xmx{self.heap}", "-XX:+UseG1GC", "-Xshare:auto", "-Djava.security.manager=allow",
            "-Dlog4j2.disable.jmx=true", "-Dlog4j.shutdownHookEnabled=false", "-Dio.netty.noUnsafe=true",
            "-Dio.netty.noKeySetOptimization=true", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8",
            f"-Djava.io.tmpdir={folder / 'tmp'}", f"-Dopensearch.path.home={self.home}",
            f"-Dopensearch.path.conf={folder / 'config'}", "-cp", f"{self.home / 'lib'}/*",
        ]  # fmt: skip
        line = ["java", *flags, "org.opensearch.bootstrap.OpenSearch"]
        if os.geteuid() == 0:  # the server does not run as root
            subprocess.run(["chown", "-R", f"{_NOBODY}:{_NOBODY}", str(folder)], check=True)
            line = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", *line]
        with (folder / "out.log").open("ab") as log:
            self.processes[node] = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                    env={**os.environ, "HOME": str(folder)})  # fmt: skip

    def _settings(self, node: int, folder: Path) -> dict[str, Any]:
        return {
            "cluster.name": "dau-tests", "node.name": f"node{node}", "network.host": "127.0.0.1",
            "http.port": self._http[node], "transport.port": self._transport[node],
            "path.data": str(folder / "data"), "path.logs": str(folder / "logs"),
            "discovery.seed_hosts": [f"127.0.0.1:{port}" for port in self._transport],
            "cluster.initial_cluster_manager_nodes": [f"node{each}" for each in range(self.count)],
            "node.processors": 2,
            # A small heap: what requests hold is counted, not what the collector has not freed yet.
            "indices.breaker.total.use_real_memory": False,
            "cluster.routing.allocation.disk.threshold_enabled": False,
        }  # fmt: skip

    def kill(self, node: int) -> None:
        """End a node as a power loss would."""
        self.processes[node].kill()
        self.processes.pop(node).wait()

    def hang(self, node: int) -> None:
        """Let a node keep its connections and say nothing, as one that waits for its disk or swaps."""
        self.processes[node].send_signal(signal.SIGSTOP)

    def wake(self, node: int) -> None:
        """Let a node that hangs go on."""
        self.processes[node].send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop all nodes that run."""
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def ask(self, path: str, timeout: float = 10) -> dict[str, Any]:
        """Return what the first node that answers says.  Raises OSError."""
        failure: OSError = OSError("no node runs")
        for node in sorted(self.processes):
            try:
                with urllib.request.urlopen(self.urls[node] + path, timeout=timeout) as answer:
                    found: dict[str, Any] = json.load(answer)
                    return found
            except OSError as error:
                failure = error
        raise failure

    def wait(self, nodes: int = 0, seconds: float = 180) -> float:
        """Wait until so many nodes (all that run) are in and every copy is there; return the seconds it took."""
        begun = time.monotonic()
        wanted = nodes or len(self.processes)
        while time.monotonic() - begun < seconds:
            for node, process in self.processes.items():
                if process.poll() is not None:
                    raise RuntimeError(f"node{node} ended: {(self.base / f'node{node}/out.log').read_text()[-3000:]}")
            try:
                health = self.ask(f"/_cluster/health?wait_for_status=green&wait_for_nodes={wanted}&timeout=3s")
            except OSError:
                time.sleep(0.3)
                continue
            if health["status"] == "green" and health["number_of_nodes"] == wanted:
                return time.monotonic() - begun
        raise TimeoutError(f"The cluster is not green after {seconds} s.")


def main() -> None:
    """Run a cluster until the input ends."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--heap", default=_HEAP)
    parser.add_argument("--resolve", action="store_true")
    given = parser.parse_args()
    if given.resolve:
        if reason := missing():
            sys.exit(reason)
        resolve(given.folder.absolute())
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the nodes are stopped
    with Cluster(given.folder.absolute(), given.folder.absolute(), given.nodes, given.heap) as cluster:
        print(" ".join(cluster.urls), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
