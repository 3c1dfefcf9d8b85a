"""The samples of docs/oauth1.md, cut out of the page and run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from browser import Browser

HERE = Path(__file__).parent.parent
GUIDE = (HERE / "../../docs/oauth1.md").read_text()
CALLBACK = "https://guide.example/oauth/callback?from=guide"


def sample(language):
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.M | re.S)
    return found


def in_python(folder):
    file = folder / "sample.py"
    file.write_text(sample("python"))
    return [sys.executable, str(file)]


def in_php(folder):
    file = folder / "sample.php"
    file.write_text(sample("php"))
    return ["php", str(file)]


def in_java(folder):
    file = folder / "Sample.java"
    file.write_text(sample("java"))
    return ["java", "-XX:TieredStopAtLevel=1", "-cp", str(HERE / "java/lib/*"), str(file)]


def in_csharp(folder):
    file = folder / "sample.cs"
    file.write_text(sample("csharp"))
    libraries = ["-r:System.Net.Http.dll", "-r:System.Xml.Linq.dll"]
    subprocess.run(["mcs", f"-out:{folder}/sample.exe", *libraries, str(file)], check=True)
    return ["mono", str(folder / "sample.exe")]


SAMPLES = {"python": in_python, "php": in_php, "java": in_java, "csharp": in_csharp}
# Where one can't be had it is skipped, but on Debian, where scripts/setup installs it, only Java.
NEEDED = {
    "php": lambda: shutil.which("php"),
    "java": lambda: (HERE / "java/lib").exists(),
    "csharp": lambda: shutil.which("mcs"),
}


@pytest.fixture(scope="session")
def consumer(server):
    return server.register_consumer("guide", CALLBACK, scope=["profile", "email"])


@pytest.fixture(params=SAMPLES)
def run(request, server, consumer, tmp_path):
    needed = NEEDED.get(request.param, lambda: True)()
    if not needed and (request.param == "java" or not shutil.which("apt-get")):
        pytest.skip(f"what runs {request.param} is not installed")
    process = subprocess.Popen(
        SAMPLES[request.param](tmp_path),
        env=os.environ
        | {
            "SSO": server.base,
            "CONSUMER_KEY": consumer["consumer_key"],
            "CONSUMER_SECRET": consumer["consumer_secret"],
            "CALLBACK": CALLBACK,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    yield process
    process.kill()
    process.wait()


def test_a_sample_of_the_guide_says_who_came(run, server):
    to = run.stdout.readline().strip()
    assert to.startswith(f"{server.base}/oauth1/authorize?oauth_token="), run.communicate()
    person = Browser(server.username, server.password)
    said, complaint = run.communicate(person.authorize(to, CALLBACK) + "\n", timeout=30)
    assert re.fullmatch(r"Citizen [0-9a-f-]{36} สมหญิง ใจดี VerifiedLevel3\n", said), complaint


def test_a_sample_of_the_guide_hears_of_a_refusal(run, server):
    to = run.stdout.readline().strip()
    person = Browser("demo-foreigner", "demo-foreigner-1")
    said, complaint = run.communicate(person.authorize(to, CALLBACK, "deny") + "\n", timeout=30)
    assert "permission_denied" in said + complaint
    assert "Foreigner" not in said
