"""A headless Chromium by the WebDriver protocol (www.w3.org/TR/webdriver2), which its
chromedriver speaks as JSON over HTTP. SPDX-License-Identifier: BSD-2-Clause"""

import json
import os
import re
import shutil
import subprocess
import urllib.request

from tap import Skip

PROGRAMS = ("chromedriver", "chromium")


class Browser:
    def __init__(self, folder):
        for program in PROGRAMS:
            if not shutil.which(program):
                raise Skip(f"no {program} here")
        env = {**os.environ, "HOME": folder, "XDG_CONFIG_HOME": folder,
               "XDG_CACHE_HOME": folder}
        env.pop("LD_PRELOAD", None)
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True, env=env,
            stderr=subprocess.DEVNULL)
        self.session = None
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                break
        else:
            raise Skip("chromedriver does not start")
        self.url = f"http://127.0.0.1:{found[1]}"
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu",
                            "--disable-dev-shm-usage", "--window-size=1200,900",
                            f"--user-data-dir={folder}/profile"]}
        try:
            told = self.ask("POST", "/session", {"capabilities": {
                "alwaysMatch": {"goog:chromeOptions": options}}})
        except OSError as error:
            self.close()
            raise Skip(f"chromium does not start: {error}") from error
        self.session = told["sessionId"]

    def ask(self, method, path, body=None):
        if self.session:
            path = f"/session/{self.session}{path}"
        request = urllib.request.Request(
            self.url + path, method=method,
            data=json.dumps(body or {}).encode() if method == "POST" else None)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=120) as answer:
            return json.load(answer)["value"]

    def open(self, path):
        self.ask("POST", "/url", {"url": "file://" + path})

    def run(self, script, *args):
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(args)})

    def hover(self, selector):
        """The pointer in the middle of the first element that matches."""
        x, y = self.run(
            "const e = document.querySelector(arguments[0]);"
            "e.scrollIntoView({block: 'center', inline: 'center'});"
            "const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]", selector)
        self.ask("POST", "/actions", {"actions": [{
            "type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"},
            "actions": [{"type": "pointerMove", "x": int(x), "y": int(y),
                         "duration": 0}]}]})

    def press(self, key):
        self.ask("POST", "/actions", {"actions": [{
            "type": "key", "id": "keys", "actions": [
                {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def screenshot(self):
        return self.ask("GET", "/screenshot")

    def close(self):
        if self.session:
            try:
                self.ask("DELETE", "")
            except OSError:
                pass
        self.driver.terminate()
        self.driver.wait(30)
        self.driver.stdout.close()
