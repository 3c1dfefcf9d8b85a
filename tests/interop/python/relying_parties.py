"""Foreign OpenID 2.0 libraries, unmodified, each as a relying party that is steered from here.

Those in other languages run as a process of their own. Each reads lines of form-encoded words and
answers each with one. `do=begin` says how to ask (identifier, realm, return_to, immediate, association:
DH-SHA256, DH-SHA1 or none, required.<alias> and wanted.<alias> with a type URI each), and is answered by
where to send the person (`to`). `do=finish` brings the address they came back at, and the body when it
was a POST; the answer is what the library concludes: `outcome`, `identity`, `ax.<type>`, `why`.
"""

import logging
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from openid.association import SessionNegotiator
from openid.consumer import consumer, discover
from openid.extensions import ax
from openid.store.memstore import MemoryStore

HERE = Path(__file__).parent.parent
JAVA = ["java", "-XX:TieredStopAtLevel=1", "-cp", "classes:lib/*", "RelyingParty"]
COMMANDS = {
    "ruby-openid": ("ruby", ["ruby", "-W0", "relying_party.rb"]),
    "Net::OpenID": ("perl", ["perl", "relying_party.pl"]),
    "openid (npm)": ("node", ["node", "--no-deprecation", "relying-party.mjs", "openid"]),
    "passport-openid": ("node", ["node", "--no-deprecation", "relying-party.mjs", "passport"]),
    "OpenID4Java": ("java", [*JAVA, "openid4java"]),
    "JOpenId": ("java", [*JAVA, "jopenid"]),
}
# Only Debian packages these two; scripts/setup installs them there, and only there they must run.
PACKAGED = {
    "ruby-openid": ["ruby", "-e", "require 'openid'"],
    "Net::OpenID": ["perl", "-MNet::OpenID::Consumer", "-e1"],
}
# python3-openid tells the log what it tells its caller.
logging.getLogger("openid").setLevel(logging.CRITICAL)


class Foreign:
    """A library in a process of its own."""

    def __init__(self, name):
        folder, command = COMMANDS[name]
        self.process = subprocess.Popen(
            command, cwd=HERE / folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def say(self, **words):
        self.process.stdin.write(urlencode(words) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"{self.process.args} ended"
        return dict(parse_qsl(line.rstrip("\n"), keep_blank_values=True))

    def begin(self, **words):
        return self.say(do="begin", **words)

    def finish(self, **words):
        return self.say(do="finish", **words)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class Python3OpenId:
    """python3-openid, which needs no process of its own."""

    def begin(self, identifier, realm, return_to, immediate, association, **lists):
        self.store = None if association == "none" else MemoryStore()
        self.session, self.association = {}, association
        try:
            request = self.consumer().begin(identifier)
        except discover.DiscoveryFailure as failure:
            return {"outcome": "failure", "why": str(failure)}
        fetch = ax.FetchRequest()
        for key, uri in lists.items():
            which, alias = key.split(".", 1)
            fetch.add(ax.AttrInfo(uri, alias=alias, required=which == "required"))
        request.addExtension(fetch)
        return {"to": request.redirectURL(realm, return_to, immediate == "yes")}

    def consumer(self):
        made = consumer.Consumer(self.session, self.store)
        if self.association != "none":
            pair = (self.association.replace("DH", "HMAC"), self.association)
            made.consumer.negotiator = SessionNegotiator([pair])
        return made

    def finish(self, url, body=""):
        kept = dict(self.session)
        result = self.consumer().complete(parameters(url, body), url)
        # A browser that comes back a second time has the same session.
        self.session = kept
        concluded = {"outcome": result.status}
        if result.status == consumer.SUCCESS:
            concluded["identity"] = result.identity_url
            fetched = ax.FetchResponse.fromSuccessResponse(result)
            for uri, values in fetched.data.items() if fetched else ():
                concluded |= {f"ax.{uri}": value for value in values[:1]}
        elif result.status == consumer.FAILURE:
            concluded["why"] = result.message
        return concluded

    def stop(self):
        pass


def start(name):
    if name in PACKAGED and not shutil.which("apt-get"):
        there = shutil.which(PACKAGED[name][0]) and subprocess.run(
            PACKAGED[name], stderr=subprocess.DEVNULL, check=False
        )
        if not there or there.returncode:
            pytest.skip(f"{name} is not installed")
    if COMMANDS.get(name, [""])[0] == "java" and not (HERE / "java/classes").exists():
        # tests/interop/run has said why.
        pytest.skip(f"{name} can't be had here")
    return Python3OpenId() if name == "python3-openid" else Foreign(name)


def parameters(url, body=""):
    """What a relying party receives: the query of the address, and the body of a POST."""
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return dict(pairs + parse_qsl(body, keep_blank_values=True))
