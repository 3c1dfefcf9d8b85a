"""A person at a browser, over plain HTTP: follows redirects, fills our forms by their ids."""

from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

import requests


class Forms(HTMLParser):
    """The forms of a page: by id, where each goes and what its fields hold."""

    def __init__(self, text):
        super().__init__()
        self.found, self.form = {}, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.form = {"action": attrs["action"], "fields": {}}
            self.found[attrs["id"]] = self.form
        elif tag == "input" and self.form is not None and "name" in attrs:
            if attrs.get("type") != "checkbox" or "checked" in attrs:
                # Boxes of one name are sent each.
                self.form["fields"].setdefault(attrs["name"], []).append(attrs.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


class Browser:
    """Goes where it is sent until an address below `until` comes."""

    def __init__(self, username, password):
        self.username, self.password = username, password
        self.http = requests.Session()
        self.pages = []

    def authorize(self, url, until, decision="allow"):
        """Signs in and decides; gives the address the client is called back at."""
        where, body = self.travel(url, until, decision)
        assert not body, "the answer is posted"
        return where

    def travel(self, url, until, decision="allow", posting=None):
        """The same, and the body when the answer is a form that posts itself; so may the request be."""
        method = "POST" if posting else "GET"
        answer = self.http.request(method, url, data=posting, allow_redirects=False)
        for _ in range(20):
            if answer.is_redirect:
                where = urljoin(answer.url, answer.headers["location"])
                if where.startswith(until):
                    return where, ""
                answer = self.http.get(where, allow_redirects=False)
                continue
            assert answer.status_code == 200, answer.text
            forms = Forms(answer.text).found
            posted = forms.get("form-post")
            if posted and posted["action"].startswith(until):
                return posted["action"], urlencode(posted["fields"], doseq=True)
            answer = self.fill(answer, forms, decision)
        raise AssertionError("the redirects do not end")

    def read(self, url, decision="allow"):
        """Signs in and decides; gives the page of ours that the journey ends at."""
        answer = self.http.get(url)
        while (forms := Forms(answer.text).found).keys() & {"login-form", "consent-form"}:
            answer = self.fill(answer, forms, decision)
            if answer.is_redirect:
                answer = self.http.get(urljoin(answer.url, answer.headers["location"]))
        return answer.text

    def fill(self, answer, forms, decision):
        for name, given in (
            ("login-form", {"username": self.username, "password": self.password}),
            ("consent-form", {"decision": decision}),
        ):
            if name in forms:
                self.pages.append(name)
                form = forms[name]
                where = urljoin(answer.url, form["action"])
                return self.http.post(where, data=form["fields"] | given, allow_redirects=False)
        raise AssertionError(f"no form that we know on {answer.url}")
