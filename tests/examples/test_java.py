"""The backend of examples/java: compiled once, tested by JUnit, examined as a receiver."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.backends import (
    EXAMPLES,
    logs_in,
    passes_as_payment_callback,
    passes_as_webhook,
    run_program,
    started,
    under_run,
)
from tests.support.helpers import PROGRAM, need

JAVA = EXAMPLES / "java"
DEBIAN = Path("/usr/share/java")
JARS = {
    "libjackson2-databind-java": ("jackson-databind", "jackson-core", "jackson-annotations"),
    "libspring-web-java": ("spring3-web", "spring3-core", "spring3-beans", "commons-logging"),
    "junit5": (
        *("junit-jupiter-api", "junit-jupiter-engine", "junit-platform-commons"),
        *("junit-platform-engine", "junit-platform-launcher", "junit-platform-console"),
        *("junit-platform-reporting", "opentest4j", "apiguardian-api", "picocli"),
        *("opentest4j-reporting-events", "opentest4j-reporting-schema"),
    ),
}
"""Debian's packages and what is taken of each."""


@pytest.fixture(scope="module")
def class_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Compile the examples; return the class path that runs them."""
    need(shutil.which("javac"), "default-jdk-headless")
    for package, names in JARS.items():
        need(all((DEBIAN / f"{name}.jar").exists() for name in names), package)
    jars = [str(DEBIAN / f"{name}.jar") for names in JARS.values() for name in names]
    classes = tmp_path_factory.mktemp("classes")
    path = ":".join([str(classes), *jars])
    sources = map(str, JAVA.glob("*.java"))
    done = run_program("javac", "-proc:none", "-d", str(classes), "-cp", path, *sources)
    assert done.returncode == 0, done.stderr
    return path


def test_the_tests_of_junit(class_path: str) -> None:
    """DouyinClient.java passes DouyinClientTest.java, each test in a world of Mockdouyin.java."""
    launcher = "org.junit.platform.console.ConsoleLauncher"
    chosen = ("--select-class", "DouyinClientTest", "--disable-banner")

    done = under_run("java", "-cp", class_path, launcher, *chosen)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 tests successful" in done.stdout


def test_a_login_by_rest_template(class_path: str) -> None:
    """RestTemplateLogin.java logs in at Douyin's own address."""
    keys = (PROGRAM.client_key, PROGRAM.client_secret)

    logs_in("java", "-cp", class_path, "RestTemplateLogin", *keys)


def test_the_receiver(class_path: str, tmp_path: Path) -> None:
    """WebhookReceiver.java passes both examinations."""
    with started(tmp_path, "java", "-cp", class_path, "WebhookReceiver", "0") as receiver:
        url = receiver.url()
        passes_as_webhook(url)
        passes_as_payment_callback(receiver, url)
