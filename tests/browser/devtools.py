"""A Chromium that is driven over a pipe by its DevTools protocol; nothing listens on a port."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
PATIENCE = 120.0


def find() -> str | None:
    """The Chromium of this machine, None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One browser with one page.

    Attributes:
        events: What the browser told of the page that is open, as method and parameters.
    """

    def __init__(self, program: str, profile: Path) -> None:
        ours, theirs = os.pipe(), os.pipe()
        self._in, self._out = theirs[0], ours[1]
        self._buffer, self._next = b"", 0
        self.events: list[tuple[str, dict[str, Any]]] = []

        def pipes() -> None:
            # Chromium reads commands from 3 and answers on 4.
            read, write = os.dup(ours[0]), os.dup(theirs[1])
            os.dup2(read, 3)
            os.dup2(write, 4)

        command = [program, *QUIET, "--remote-debugging-pipe", f"--user-data-dir={profile}"]
        self._process = subprocess.Popen(
            [*command, "about:blank"],
            preexec_fn=pipes,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(ours[0])
        os.close(theirs[1])
        self._session: str | None = None
        found = self.send("Target.getTargets")["targetInfos"]
        (page,) = [one["targetId"] for one in found if one["type"] == "page"]
        attached = self.send("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)
        os.close(self._in)
        os.close(self._out)

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask for something and wait for the answer."""
        self._next += 1
        message: dict[str, Any] = {"id": self._next, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            told = self._receive()
            if told.get("id") == self._next:
                assert "error" not in told, (method, told["error"])
                return told["result"]

    def _receive(self) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0.0, end - time.monotonic()))
            assert ready, "the browser does not answer"
            self._buffer += os.read(self._in, 1 << 20)
        line, self._buffer = self._buffer.split(b"\0", 1)
        told: dict[str, Any] = json.loads(line)
        if "method" in told:
            self.events.append((told["method"], told["params"]))
        return told

    def open(self, address: str, *, width: int = 1280, scheme: str = "light") -> None:
        """Open a page and wait until it is loaded."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=1000,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.scheme(scheme)
        self.events.clear()
        self.send("Page.navigate", url=address)
        while not any(method == "Page.loadEventFired" for method, _ in self.events):
            self._receive()

    def scheme(self, name: str) -> None:
        """Show the page as a reader sees it who prefers light or dark."""
        feature = {"name": "prefers-color-scheme", "value": name}
        self.send("Emulation.setEmulatedMedia", features=[feature])

    def run(self, script: str) -> Any:
        """The value of an expression in the page; its policy does not bind what a test asks."""
        told = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def requests(self) -> list[str]:
        """The addresses that the page asked for, itself among them."""
        return [
            params["request"]["url"]
            for method, params in self.events
            if method == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """What stands in the console: errors, warnings, breaches of the policy."""
        told = []
        for method, params in self.events:
            if method == "Runtime.exceptionThrown":
                told.append(str(params["exceptionDetails"]["text"]))
            elif method == "Log.entryAdded":
                told.append(str(params["entry"]["text"]))
            elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
                told.append(str(params["args"]))
        return told

    def violations(self, axe: str, *, without: str | None = None) -> list[str]:
        """What axe-core finds: WCAG 2.2, levels A and AA, and what it holds for good practice.

        Args:
            axe: The text of axe-core.
            without: A selector of what is left out, such as a program of others.
        """
        where = json.dumps({"exclude": [without]}) if without else "document"
        self.run(axe)
        return self.run(
            f'axe.run({where}, {{resultTypes: ["violations"]}}).then((found) => found.violations'
            '.map((v) => v.id + ": " + v.nodes.map((n) => n.html).join(" | ")))'
        )

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """A PNG of the page, of its first screen or of the whole."""
        told = self.send("Page.captureScreenshot", captureBeyondViewport=whole, **self._clip(whole))
        path.write_bytes(base64.b64decode(told["data"]))

    def _clip(self, whole: bool) -> dict[str, Any]:
        if not whole:
            return {}
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        return {"clip": clip}

    def printed(self, path: Path, *, letter: bool = False) -> None:
        """The page as PDF, by its own print style; A4 unless US Letter is asked for."""
        paper = {"paperWidth": 8.5, "paperHeight": 11} if letter else {"preferCSSPageSize": True}
        told = self.send("Page.printToPDF", printBackground=True, **paper)
        path.write_bytes(base64.b64decode(told["data"]))
