"""How much the viewer request function does at most: CloudFront stops one that takes too long.

CloudFront names no number of steps: it measures the share of an allowance of time ("compute utilization", which is
to stay below 70). That can be seen on an edge only. What can be had here: how often each block of the code runs in
the longest case, counted by V8, and the time that it takes without the just-in-time compiler.
"""

import json
import subprocess
from typing import Any

from stacks.site_folder import MAX_KEY_BYTES
from stacks.site_hosting.distribution import viewer_request
from stacks.site_hosting.domain import SiteNames
from stacks.site_hosting.publisher.manifest import File, Version
from stacks.site_hosting.publisher.pointer import MAX_CHANGED, value

BASE, LIVE = "20260101T000000Z-00000000", "20260102T000000Z-11111111"
MAX_BLOCKS = MAX_KEY_BYTES + 100
"""Runs of blocks: the path is hashed once, character by character, and little is done besides."""
MAX_MILLISECONDS = 1.0
"""The allowance of the first runtime, "less than 1 ms"; this machine may be slower than an edge."""
RUNS = 200

HARNESS = """
const inspector = require('node:inspector');
const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
globalThis.cf = {kvs: () => ({get: async (key) => given.store[key]})};
const source = given.code.replace("import cf from 'cloudfront';", '') + '; globalThis.handler = handler;';
const session = new inspector.Session();
session.connect();
const post = (method, given) => new Promise((done, fail) =>
  session.post(method, given, (error, result) => (error ? fail(error) : done(result))));
(async () => {
  await post('Profiler.enable');
  new (require('vm').Script)(source, {filename: 'edge.js'}).runInThisContext();
  const fresh = () => JSON.parse(JSON.stringify(given.event));
  await post('Profiler.startPreciseCoverage', {callCount: true, detailed: true});
  await handler(fresh());
  const {result} = await post('Profiler.takePreciseCoverage');
  const {functions} = result.find((script) => script.url.endsWith('edge.js'));
  const blocks = functions.flatMap((one) => one.ranges).reduce((sum, range) => sum + range.count, 0);
  await post('Profiler.stopPreciseCoverage');
  const times = [];
  for (let run = 0; run < given.runs; run++) {
    const event = fresh();
    const begun = process.hrtime.bigint();
    await handler(event);
    times.push(Number(process.hrtime.bigint() - begun) / 1e6);
  }
  console.log(JSON.stringify({blocks, milliseconds: times.sort((a, b) => a - b)[given.runs >> 1]}));
})();
"""


def work(path: str, changed: int) -> dict[str, Any]:
    """What the function does for a path, when the live version differs from its base in so many others."""
    paths = frozenset(f"filler/{number}" for number in range(changed))
    version = Version(
        id=LIVE, digest="", files=dict.fromkeys(paths, File("", 0)), base=BASE, stored=paths, changed=paths
    )
    event = {
        "request": {
            "method": "GET",
            "uri": path,
            "querystring": {f"q{number}": {"value": "x" * 50} for number in range(50)},
            "headers": {"host": {"value": "example.org"}},
            "cookies": {},
        }
    }
    code = viewer_request("clean-urls", SiteNames("example.org", "www.example.org"), "never")
    ran = subprocess.run(
        ["node", "--jitless", "-e", HARNESS],
        input=json.dumps({"code": code, "store": {"live": value(version)}, "event": event, "runs": RUNS}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_the_longest_case_is_bounded() -> None:
    """The longest path that can be a file, and the most changed paths that a value can hold."""
    longest = work("/" + "a/" * ((MAX_KEY_BYTES - 6) // 2) + "b", MAX_CHANGED)
    assert longest["blocks"] <= MAX_BLOCKS
    assert longest["milliseconds"] < MAX_MILLISECONDS


def test_work_grows_with_the_path_and_not_with_the_site() -> None:
    short, differing = work("/about", 0), work("/about", MAX_CHANGED)
    assert differing["blocks"] - short["blocks"] < 50
    assert short["blocks"] < 100
