"""A shop as in production: DynamoDB Local, four gunicorn workers, nginx in front."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.live import servers


@dataclass(frozen=True)
class Shop:
    """A running gunicorn: ``host:port``, its process, its environment."""

    address: str
    server: servers.Server
    environment: dict[str, str]
    static: Path


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an empty DynamoDB Local."""
    server, endpoint = servers.start_local(tmp_path_factory.mktemp("local"))
    yield endpoint
    server.end()


@pytest.fixture(scope="session")
def shop(local: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The stocked demo shop with the settings of a real one."""
    directory = tmp_path_factory.mktemp("shop")
    environment = servers.clean_environment(
        DEBUG="false",
        SECRET_KEY="a-long-random-text-that-is-only-ever-used-by-live-tests-0123456789",
        ALLOWED_HOSTS=f"{servers.HOST},127.0.0.1",
        AURORA_STORE="aws",
        AURORA_THROTTLE="off",
        AWS_ENDPOINT_URL_DYNAMODB=local,
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        STATIC_ROOT=str(directory / "static"),
    )
    servers.manage("setup_tables", environment=environment)
    servers.manage("seed_demo", environment=environment | {"DEBUG": "true"})
    servers.manage("collectstatic", "--noinput", environment=environment)
    server, address = servers.start_gunicorn(directory, environment, workers=4)
    yield Shop(address, server, environment, directory / "static")
    server.end()


@pytest.fixture(scope="session")
def front(
    shop: Shop, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Front]:
    """nginx before the shop."""
    front = servers.start_nginx(
        tmp_path_factory.mktemp("nginx"), upstream=shop.address, static=shop.static
    )
    yield front
    front.server.end()
