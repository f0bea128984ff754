"""The files that pods of the shop get: the checkout's guard, the reports' scripts, the databases' authorities."""

import datetime
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from deploy.cdk_cli import node_folder
from stacks.ecommerce.zones import ZONES
from tests.unit.stacks.synthesis import ROOT

WORKLOAD = ROOT / "stacks" / "ecommerce" / "workload"
# Node itself: what pip puts beside it is a program that starts it, and would be ended alone.
NODE = node_folder() / "node"

# As the sample's: everything is answered, /topology with the cache's address.
_SERVER = """
require('node:http').createServer((request, response) => {
  request.resume();
  response.end(request.url === '/topology' ? 'rediss://user:password@cache' : 'ok');
}).listen(Number(process.argv[2]), '127.0.0.1');
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the guard before it."""
    script = tmp_path_factory.mktemp("guard") / "server.cjs"
    script.write_text(_SERVER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([NODE, "--require", WORKLOAD / "checkout_guard.cjs", script, str(port)])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def status(url: str, method: str = "GET") -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/health", 200),
        ("GET", "/metrics", 200),
        ("GET", "/checkout/customer-1", 200),
        ("POST", "/checkout/customer-1/update", 200),
        ("POST", "/checkout/customer-1/submit?x=1", 200),
        ("GET", "/topology", 404),
        ("GET", "//topology", 404),
        ("GET", "/%74opology", 404),
        ("GET", "/checkout/../topology", 404),
        ("GET", "/checkout/../chaos/health", 404),
        ("POST", "/chaos/health", 404),
        ("POST", "/CHAOS/status/500", 404),
        ("GET", "/api", 404),
        ("GET", "/", 404),
    ],
)
def test_the_checkout_answers_at_its_own_paths_alone(
    guarded: str, method: str, path: str, expected: int
) -> None:
    assert status(guarded + path, method) == expected


@pytest.mark.parametrize("region", ZONES)
def test_a_regions_authorities_are_amazons_own_of_that_region_and_stay_valid(region: str) -> None:
    text = (WORKLOAD / "rds_ca" / f"{region}.pem").read_bytes()
    found = x509.load_pem_x509_certificates(text)
    sizes = set()
    for each in found:
        name = each.subject.rfc4514_string()
        assert f"CN=Amazon RDS {region} Root CA" in name
        each.verify_directly_issued_by(each)  # signed by itself: nothing of it was changed
        assert each.not_valid_after_utc > datetime.datetime(2060, 1, 1, tzinfo=datetime.UTC)
        key = each.public_key()
        assert isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
        sizes.add(key.key_size)
    assert sizes == {2048, 4096, 384}


needs_jq = pytest.mark.skipif(not shutil.which("jq"), reason="jq is in the image, not here")


def run(report: str, tmp_path: Path, answers: dict[str, str]) -> tuple[dict[str, float], list[str], str]:
    """Run a report's script with `answers` in place of the programs that ask; its metrics, the arguments of what
    published them, and what it printed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, answer in answers.items():
        (folder / f"{name}.json").write_text(answer)
        program = folder / name
        program.write_text(
            "#!/usr/bin/env bash\n"
            f'if [ "$1" = cloudwatch ]; then printf "%s\\n" "$@" >{tmp_path}/published; exit; fi\n'
            f"cat {folder}/{name}.json\n"
        )
        program.chmod(0o755)
    # the script as it is, but for where it may write
    script = (WORKLOAD / "reports" / report).read_text().replace("/tmp/", f"{tmp_path}/")  # noqa: S108
    environment = {
        "PATH": f"{folder}:/usr/local/bin:/usr/bin:/bin",
        "ORDERS_URL": "http://orders",
        "TABLE": "ecommerce-carts",
        "NAMESPACE": "Ecommerce",
    }
    ran = subprocess.run(["bash", "-c", script], env=environment, check=True, capture_output=True, text=True)
    metrics: list[dict[str, Any]] = json.loads((tmp_path / "metrics.json").read_text())
    assert not any("Dimensions" in each for each in metrics)
    published = (tmp_path / "published").read_text().splitlines()
    return {each["MetricName"]: each["Value"] for each in metrics}, published, ran.stdout


def order(hours_ago: int, *items: tuple[str, int, int]) -> dict[str, Any]:
    """As the sample's orders service lists it, its LocalDateTime in UTC."""
    created = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=hours_ago)
    return {
        "id": f"order-{hours_ago}",
        "createdDate": created.replace(tzinfo=None).isoformat(),
        "shippingAddress": {"firstName": "Ada", "email": "ada@example.org"},
        "items": [
            {"productId": product, "quantity": quantity, "unitCost": cost, "totalCost": quantity * cost}
            for product, quantity, cost in items
        ],
    }


@needs_jq
def test_orders_of_the_last_day_are_counted_and_nobodys_name_is_told(tmp_path: Path) -> None:
    orders = [order(1, ("pen", 2, 10), ("hat", 1, 5)), order(3, ("pen", 1, 10)), order(30, ("hat", 9, 5))]
    metrics, published, printed = run("orders.sh", tmp_path, {"curl": json.dumps(orders), "aws": ""})
    assert metrics == {
        "OrdersLastDay": 2,
        "UnitsOrderedLastDay": 4,
        "RevenueLastDay": 35,
        "UnitsOfMostOrderedProductLastDay": 3,
    }
    assert published[:4] == ["cloudwatch", "put-metric-data", "--namespace", "Ecommerce"]
    assert "Ada" not in printed
    assert "example.org" not in printed


@needs_jq
def test_carts_are_counted_by_customer(tmp_path: Path) -> None:
    items = [
        {"customerId": {"S": customer}, "quantity": {"N": str(quantity)}, "unitPrice": {"N": str(price)}}
        for customer, quantity, price in [("a", 2, 10), ("a", 1, 5), ("b", 3, 10)]
    ]
    metrics, _, _ = run("carts.sh", tmp_path, {"aws": json.dumps({"Items": items})})
    assert metrics == {"OpenCarts": 2, "UnitsInCarts": 6, "ValueOfCarts": 55}


@needs_jq
@pytest.mark.parametrize(
    ("report", "answers"), [("orders.sh", {"curl": "[]", "aws": ""}), ("carts.sh", {"aws": '{"Items": []}'})]
)
def test_an_empty_shop_is_zero_and_no_failure(report: str, answers: dict[str, str], tmp_path: Path) -> None:
    metrics, _, _ = run(report, tmp_path, answers)
    assert set(metrics.values()) == {0}


@needs_jq
def test_a_service_that_does_not_answer_fails_the_job(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run("orders.sh", tmp_path, {"curl": "<html>502</html>", "aws": ""})
