"""No file is read, written over or waited for because somebody named it."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from mockdouyin import MockDouyinError, Sandbox, Scenario
from mockdouyin.control import OPERATIONS, execute
from mockdouyin.control._operations import OperationCall
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._authority import Authority
from mockdouyin.intercept._trust_files import PREFIX, TrustFiles, _sweep
from mockdouyin.persistence.state_file import StateFile
from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke
from tests.cli.shell import serve
from tests.support.helpers import need

CONTENT = "name: canary\nabout: SongOfTheCanary\n"

FIFO = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without FIFOs")


class Opened:
    """The files that this process opens, while somebody listens."""

    def __init__(self) -> None:
        self._names: list[str] | None = None
        sys.addaudithook(self._note)

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        if self._names is not None and event == "open" and isinstance(args[0], str | os.PathLike):
            self._names.append(os.fspath(args[0]))

    @contextlib.contextmanager
    def files(self) -> Iterator[list[str]]:
        """Yield the growing list of the files that are opened."""
        names: list[str] = []
        self._names = names
        try:
            yield names
        finally:
            self._names = None


OPENED = Opened()


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a scenario file in the server's current folder."""
    path = tmp_path / "canary.yaml"
    path.write_text(CONTENT, encoding="utf-8")
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return path


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """Talk to a server."""
    with (
        ThreadedServer() as server,
        httpx.Client(base_url=server.url, timeout=10, trust_env=False) as client,
    ):
        yield client


def ends(work: Callable[[], object]) -> None:
    """Do work that could wait for ever, and see it end."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - it is raised where the test sees it
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive(), "it waits"
    if failed:
        raise failed[0]


NAMES = [
    "{path}", "canary.yaml", "./canary.yaml", "folder/../canary.yaml", "{folder}/link", "link",
    "../{name}/canary.yaml", "file://{path}", "{path}\x00", "canary.yaml\x00.yaml",
    "~/canary.yaml",
    "default/../canary", "../canary.yaml", "C:\\canary.yaml", "..\\canary.yaml", "canary",
    "/etc/passwd", "/proc/self/environ", "/dev/zero", ".", "..", "/", "", "x" * 5000, "{folder}",
    "default.yaml", "scenarios/default.yaml", "DEFAULT",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_caller_names_no_file(http: httpx.Client, canary: Path, name: str) -> None:
    """Over HTTP a file name is refused, to start from or to extend, and no file is opened."""
    named = name.format(path=canary, folder=canary.parent, name=canary.parent.name)
    is_a_file = named.endswith(".yaml") or not set("/\\").isdisjoint(named)
    execute(Sandbox(), "create_world", body={"scenario": "flaky-login"})  # all is loaded

    with OPENED.files() as opened:
        replies = [
            http.post("/_mock/worlds", json={"name": "mine", "scenario": scenario})
            for scenario in (named, {"extends": named}, {"name": "x", "extends": named})
        ]

    for reply in replies:
        assert reply.status_code in (400, 404)
        error = reply.json()["error"]
        assert "no scenario" in error
        assert ("send the content instead" in error) == is_a_file
        assert "SongOfTheCanary" not in reply.text
        assert "root:" not in reply.text
        assert len(reply.text) < 2000
    assert [each for each in opened if "canary" in each or "passwd" in each] == []
    assert http.get("/_mock/worlds/mine/apps").status_code == 404


def test_names_and_content_are_taken(http: httpx.Client) -> None:
    """A built-in scenario is accepted by its name, to start from or extend; a typo gets a hint."""
    for name, scenario in {"a": "flaky-login", "b": {"extends": "flaky-login"}}.items():
        made = http.post("/_mock/worlds", json={"name": name, "scenario": scenario})
        assert made.status_code == 200
        assert http.get(f"/_mock/worlds/{name}/rules").json()["rules"]

    slip = http.post("/_mock/worlds", json={"scenario": "flaky-logn"})

    assert slip.status_code == 404
    assert "did you mean flaky-login?" in slip.json()["error"]


def _bodies(kind: type, name: str) -> Iterator[Any]:
    """Return bodies that have this name in every field of an operation's body."""
    fields = msgspec.structs.fields(kind) if issubclass(kind, msgspec.Struct) else ()
    required = {field.encode_name: "x" for field in fields if field.required}
    inner = ({"extends": name}, {"file": name, "path": name, "url": name}, [name])
    for field in [each.encode_name for each in fields] or ["file", "path", "scenario", "reply"]:
        yield {**required, field: name}
        for value in inner:
            yield {**required, field: value}


@pytest.mark.parametrize("order", [name for name in OPERATIONS if name != "handle"])
def test_no_operation_opens_what_it_is_told(
    order: str, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file's name in any field of any operation does not open the file."""
    kinds: list[type] = []
    read = OperationCall.read

    def spy(ask: OperationCall[Any], kind: type[Any]) -> Any:
        kinds.append(kind)
        return read(ask, kind)

    monkeypatch.setattr(OperationCall, "read", spy)
    box, name = Sandbox(), str(canary)
    path = dict.fromkeys(re.findall(r"\{(\w+)\}", OPERATIONS[order].path), name)
    query = {"endpoint": name, "timeout": "0.001", "rule": name}

    def ask(body: Any) -> str:
        try:
            return str(execute(box, order, path=path, query=query, body=body))
        except MockDouyinError as error:
            return str(error)

    ask({})
    bodies = [body for kind in dict.fromkeys(kinds) for body in _bodies(kind, name)]

    with OPENED.files() as opened:
        answers = [ask(body) for body in bodies]

    assert not [each for each in opened if "canary" in each]
    assert not [each for each in answers if "SongOfTheCanary" in each]


def test_what_the_server_was_told(http: httpx.Client, canary: Path) -> None:
    """A file given to `serve --scenario` is accepted by that name, and by no other spelling."""
    box = Sandbox()
    box.scenarios = {"canary.yaml": canary}

    made = execute(box, "create_world", body={"scenario": "canary.yaml"})
    extended = execute(box, "create_world", body={"scenario": {"extends": "canary.yaml"}})

    assert (made["scenario"], extended["scenario"]) == ("canary", "inline")
    for spelling in ("./canary.yaml", str(canary), "canary", "folder/../canary.yaml"):
        with pytest.raises(MockDouyinError, match="no scenario"):
            execute(box, "create_world", body={"scenario": spelling})


def test_a_server_and_its_file(tmp_path: Path) -> None:
    """`serve --scenario FILE` serves FILE by that name; if it breaks, nothing of it is told."""
    (tmp_path / "canary.yaml").write_text(CONTENT, encoding="utf-8")
    with serve(tmp_path, "--scenario", "canary.yaml") as served:

        def make(scenario: Any) -> httpx.Response:
            return httpx.post(
                f"{served.url}/_mock/worlds", json={"scenario": scenario}, trust_env=False
            )

        assert make("canary.yaml").json()["scenario"] == "canary"
        assert make({"extends": "canary.yaml"}).status_code == 200
        (tmp_path / "canary.yaml").write_text(
            "name: canary\nbird: SongOfTheCanary\nabout: [SongB]"
        )
        broken = make("canary.yaml")

    assert broken.status_code == 400
    assert "`mockdouyin scenarios lint canary.yaml`" in broken.json()["error"]
    assert "Song" not in broken.text


FOREIGN = {
    "shadow": "root:$y$j9T$aXQk9:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n",
    "passwd": "admin0:x:0:0:Somebody Important:/home/admin0:/bin/bash\n",
    "key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE\n-----END",
    "env": "DATABASE_URL=postgres://admin0:hunter2@db\nSECRET_KEY=xyzzy9\n",
    "ini": "[default]\naws_access_key_id = AKIAXYZZY\naws_secret_access_key = xyzzyxyzzy\n",
    "kubeconfig": "apiVersion: v1x\nclusters: [{server: https://xyzzy}]\nusers: [xyzzyuser]\n",
    "json": '{"type": "service_account", "private_key_id": "xyzzy9", "client_email": "xyzzy@x"}',
    "number": "982451653",
    "date": "2026-11-28 hunter2",
    "list": "- hunter2\n- xyzzy\n",
    "alias": "*hunter2xyzzy",
    "anchor": "&hunter2 [*xyzzyxyzzy]",
    "twice": "a: &hunter2 1\nb: &hunter2 2\nc: *xyzzyxyzzy\n",
    "tag": "!hunter2/xyzzy value",
    "long tag": "!<tag:hunter2.example,2000:xyzzy> value",
    "handle": "!hunter2!xyzzy value",
    "typed": "!!int hunter2xyzzy",
    "typed float": "!!float hunter2xyzzy",
    "typed binary": "!!binary hunter2xyzzy!",
    "typed truth": "!!bool hunter2xyzzy",
    "typed time": "!!timestamp hunter2xyzzy",
    "escape": '"hunter2\\xyzzy"',
    "directive": "%HUNTER2 xyzzy\n---\nx",
    "colon": "user: hunter2: xyzzy",
    "tab": "user:\n\thunter2: xyzzy",
    "open": "[hunter2, xyzzy",
    "sign": "@hunter2xyzzy",
    "control": "hunter2\x01xyzzy",
    "digits": "9" * 5000,
    "two documents": "hunter2\n---\nxyzzy\n",
}  # fmt: skip
OWN_WORDS = set(
    "scenario mapping with name text list number true false nothing something else YAML "
    "cannot read found undefined alias duplicate anchor first occurrence expected node content "
    "document start scalar character that token quote quoted begins colon space indent spaces "
    "values here allowed mapping unknown escape determine constructor undefined handle "
    "directive".lower().split()
)


@pytest.mark.parametrize("kind", FOREIGN)
def test_nothing_is_quoted_of_a_foreign_file(kind: str, tmp_path: Path) -> None:
    """A file that is not a scenario is refused without quoting it, whatever its form."""
    path = tmp_path / "f"
    path.write_text(FOREIGN[kind], encoding="utf-8")
    words = set(re.findall(r"[\w$+]{4,}", FOREIGN[kind].lower())) - OWN_WORDS

    with pytest.raises(MockDouyinError) as refused:
        Scenario.load(path)

    told = str(refused.value).replace(str(path), "").lower()
    assert "yaml" in told or "a scenario is a mapping with a name" in told
    assert [word for word in words if word in told] == []


def test_a_file_that_is_no_text_is_not_quoted(tmp_path: Path) -> None:
    """The error for a file that cannot be decoded does not quote its bytes."""
    (tmp_path / "f").write_bytes(b"name: \xffhunter2")

    with pytest.raises(MockDouyinError) as refused:
        Scenario.load(tmp_path / "f")

    assert str(refused.value).endswith("cannot be read: it is not UTF-8 text")


def test_values_of_a_foreign_mapping_with_a_name(tmp_path: Path) -> None:
    """Of a file that might be a scenario keys are told, and no value of a strange key."""
    (tmp_path / "f").write_text("name: ci\non: xyzzy1\njobs: {xyzzy2: [xyzzy3]}\n")

    with pytest.raises(MockDouyinError) as refused:
        Scenario.load(tmp_path / "f")

    assert "unknown key jobs" in str(refused.value)
    assert "xyzzy" not in str(refused.value)


def odd(tmp_path: Path) -> dict[str, tuple[str, str]]:
    """Return harmless special files, each with the error text that it should get."""
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(32 << 20)
    made = {
        "a device": (os.devnull, "it is a device"),
        "huge": (str(huge), "it has more than"),
        "a folder": (str(tmp_path), "it is a folder"),
    }
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "fifo")
        made["a FIFO"] = (str(tmp_path / "fifo"), "it is a FIFO")
        (tmp_path / "link").symlink_to(tmp_path / "fifo")
        made["a link to one"] = (str(tmp_path / "link"), "it is a FIFO")
    return made


@pytest.mark.parametrize("what", ["a device", "huge", "a folder", "a FIFO", "a link to one"])
@pytest.mark.parametrize(
    "command",
    [("scenarios", "lint"), ("scenarios", "show"), ("serve", "--port", "0", "--scenario")],
    ids=" ".join,
)
def test_a_scenario_that_is_no_ordinary_file(
    what: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    """A FIFO, a device, a folder or a file without end is refused at once, and named."""
    need(what in odd(tmp_path), f"a system that has {what}")
    for leftover in ("fifo", "link", "huge"):
        (tmp_path / leftover).unlink(missing_ok=True)
    named, says = odd(tmp_path)[what]

    def work() -> None:
        assert says in complaint_of(*command, named)

    ends(work)


def test_extends_leads_to_no_odd_file(tmp_path: Path) -> None:
    """What a scenario's file extends is held to the same."""
    (tmp_path / "story.yaml").write_text(f"name: x\nextends: {os.devnull}\n")

    def work() -> None:
        with pytest.raises(MockDouyinError, match="it is a device"):
            Scenario.load(tmp_path / "story.yaml")

    ends(work)


def test_a_made_up_file_is_bounded() -> None:
    """A file of /proc, which tells no length, is read up to the limit and not quoted."""
    need(Path("/proc/self/maps").exists(), "a system with /proc")

    def work() -> None:
        for name in ("environ", "maps", "cmdline", "status", "mem", "pagemap"):
            with pytest.raises(MockDouyinError) as refused:
                Scenario.load(f"/proc/self/{name}")
            assert len(str(refused.value)) < 300
            assert "python" not in str(refused.value)

    ends(work)


@FIFO
@pytest.mark.parametrize("which", ["state", "state.lock"])
def test_a_state_file_that_is_a_fifo(which: str, tmp_path: Path) -> None:
    """A FIFO in place of the state or of its lock is refused and not waited for."""
    os.mkfifo(tmp_path / which)

    def work() -> None:
        with pytest.raises(MockDouyinError, match="it is a FIFO, not a regular file"):
            StateFile(tmp_path / "state")

    ends(work)


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """Return a device made for the test, so that none of the machine's is at risk."""
    path = tmp_path / "device"
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    except (AttributeError, OSError):
        pytest.skip("only root may make devices")
    return path


def test_a_state_file_that_is_a_device(device: Path) -> None:
    """A device is no state file, and is left as it is."""
    assert "it is a device" in complaint_of("serve", "--port", "0", "--state", str(device))
    assert [
        (path.name, stat.S_ISCHR(path.stat().st_mode)) for path in device.parent.iterdir()
    ] == [("device", True)]


def test_a_lock_that_is_a_link(tmp_path: Path) -> None:
    """A link in place of the lock makes no file elsewhere."""
    (tmp_path / "state.lock").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(MockDouyinError, match="--state"):
        StateFile(tmp_path / "state")
    assert not (tmp_path / "elsewhere").exists()


def test_a_ready_file_that_is_a_device(device: Path) -> None:
    """What is no file is not replaced by --ready-file."""
    said = complaint_of("serve", "--port", "0", "--ready-file", str(device))

    assert f"--ready-file {device}: it is a device, not a regular file" in said
    assert stat.S_ISCHR(device.stat().st_mode)


@FIFO
def test_a_ready_file_that_is_a_fifo(tmp_path: Path) -> None:
    """Nor is a FIFO, and nobody waits for a reader of it."""
    os.mkfifo(tmp_path / "ready")

    def work() -> None:
        said = complaint_of("serve", "--port", "0", "--ready-file", str(tmp_path / "ready"))
        assert "it is a FIFO, not a regular file" in said

    ends(work)
    assert stat.S_ISFIFO((tmp_path / "ready").stat().st_mode)


@FIFO
def test_certificates_follow_nothing(tmp_path: Path) -> None:
    """A link or a FIFO where a certificate belongs is replaced, and what it leads to stays."""
    folder, mine = tmp_path / "certificates", tmp_path / "mine"
    folder.mkdir()
    mine.write_text("mine")
    (folder / "ca.pem").symlink_to(mine)
    os.mkfifo(folder / "bundle.pem")

    made = TrustFiles(folder)
    ends(lambda: made.write(Authority(HOSTS), 1234))

    assert mine.read_text() == "mine"
    assert not (folder / "ca.pem").is_symlink()
    assert (folder / "bundle.pem").is_file()
    made.remove()


def test_certificates_in_a_linked_folder(tmp_path: Path) -> None:
    """A link where a folder for certificates belongs is refused: nothing is written elsewhere."""
    folder, other = tmp_path / "certificates", tmp_path / "other"
    folder.mkdir()
    other.mkdir()
    (folder / "php").symlink_to(other)
    made = TrustFiles(folder)

    with pytest.raises(MockDouyinError, match="php exists"):
        made.write(Authority(HOSTS), 1234)
    assert list(other.iterdir()) == []


@FIFO
def test_trusted_files_that_are_fifos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A FIFO or a device that a variable names as trusted is not waited for."""
    os.mkfifo(tmp_path / "fifo")
    for name in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "WGETRC"):
        monkeypatch.setenv(name, str(tmp_path / "fifo"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", os.devnull)
    made = TrustFiles(tmp_path / "certificates")

    ends(lambda: made.write(Authority(HOSTS), 1234))

    made.remove()


@FIFO
def test_what_others_put_among_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FIFOs, links and files with the name of a run's folder are not waited for, nor removed."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "ca.pem").touch()
    os.mkfifo(tmp_path / "tmp" / f"{PREFIX}fifo")
    (tmp_path / "tmp" / f"{PREFIX}link").symlink_to(tmp_path / "mine")
    (tmp_path / "tmp" / f"{PREFIX}file").touch()
    (tmp_path / "tmp" / f"{PREFIX}loop").symlink_to(f"{PREFIX}loop")

    ends(lambda: TrustFiles().remove())

    assert (tmp_path / "mine" / "ca.pem").exists()
    assert len(list((tmp_path / "tmp").iterdir())) == 4


def test_folders_of_others_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of another user's, such as one of their runs, is not removed, not even by root."""
    need(hasattr(os, "geteuid"), "a system with users")
    (tmp_path / f"{PREFIX}theirs").mkdir()
    mine = os.geteuid()
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: mine + 1)
        _sweep(tmp_path)
    assert (tmp_path / f"{PREFIX}theirs").is_dir()

    _sweep(tmp_path)

    assert not (tmp_path / f"{PREFIX}theirs").exists()


def test_folders_that_cannot_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no folder can be locked a run says so, and leaves none behind."""
    need(hasattr(os, "geteuid"), "a system with users")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)

    with pytest.raises(MockDouyinError, match="set TMPDIR to another folder"):
        TrustFiles()
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_takes_files(tmp_path: Path) -> None:
    """Files are still for the command line, with all that is wrong in them told."""
    (tmp_path / "good.yaml").write_text(CONTENT)
    (tmp_path / "bad.yaml").write_text("name: x\nruls: []\n")

    assert invoke("scenarios", "lint", str(tmp_path / "good.yaml")).exit_code == 0
    assert (
        "unknown key ruls; did you mean rules?"
        in invoke("scenarios", "lint", str(tmp_path / "bad.yaml")).stderr
    )
