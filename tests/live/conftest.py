"""A shop as in production: DynamoDB Local, four gunicorn workers, nginx in front."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from tests.live import servers
from tests.live.buyers import client_of
from tests.live.crowd import Door
from tests.live.market import PLENTY, SECRET, SLOT, Market, a_buyer
from tests.live.stall import Stall


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
def production(local: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a real shop on that store; its static files are there."""
    environment = servers.clean_environment(
        DEBUG="false",
        SECRET_KEY="a-long-random-text-that-is-only-ever-used-by-live-tests-0123456789",
        ALLOWED_HOSTS=f"{servers.HOST},127.0.0.1",
        AURORA_STORE="aws",
        AURORA_THROTTLE="off",
        AWS_ENDPOINT_URL_DYNAMODB=local,
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        STATIC_ROOT=str(tmp_path_factory.mktemp("static")),
    )
    servers.manage("collectstatic", "--noinput", environment=environment)
    return environment


@pytest.fixture(scope="session")
def shop(
    production: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """The stocked demo shop with the settings of a real one."""
    servers.manage("setup_tables", environment=production)
    servers.manage("seed_demo", environment=production | {"DEBUG": "true"})
    server, address = servers.start_gunicorn(
        tmp_path_factory.mktemp("shop"), production, workers=4
    )
    yield Shop(address, server, production, Path(production["STATIC_ROOT"]))
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


# Shops for crowds ---------------------------------------------------------------------


@pytest.fixture(scope="session")
def market(local: str) -> Market:
    """The tables that the test process itself would use, in a store for everybody."""
    found = Market(client_of(local))
    found.open()
    return found


Opener = Callable[..., Stall]


@pytest.fixture(scope="session")
def opener(
    production: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Opener:
    """Opens a stall; a module to serve and variables can be given."""

    def start(market: Market, app: str = "aurora.wsgi", **told: str) -> Stall:
        ours = {
            "SECRET_KEY": SECRET,
            "AURORA_TABLE_PREFIX": settings.AURORA_TABLE_PREFIX,
        }
        server, address = servers.start_gunicorn(
            tmp_path_factory.mktemp("stall"), production | ours | told,
            workers=4, app=app,
        )  # fmt: skip
        return Stall(market, server, Door(address))

    return start


@pytest.fixture
def opened(opener: Opener) -> Iterator[Opener]:
    """Opens stalls for one test."""
    stalls: list[Stall] = []

    def start(market: Market, *told: str, **more: str) -> Stall:
        stalls.append(opener(market, *told, **more))
        return stalls[-1]

    yield start
    for stall in stalls:
        stall.close()


@pytest.fixture(scope="session")
def honest(opener: Opener, market: Market) -> Iterator[Stall]:
    """The shop as it is, for every crowd that does not spoil it.

    Its workers do not retire after so many requests: gunicorn then resets connections
    that are kept open, which nginx copes with, but here buyers come without nginx.
    """
    stall = opener(market, GUNICORN_CMD_ARGS="--max-requests 0")
    open_for_a_while(stall)
    yield stall
    stall.close()


def open_for_a_while(stall: Stall) -> None:
    """Two hundred orders, so that no crowd is the first to come: the emulator's virtual
    machine has then compiled what it runs, and each worker has its connections."""
    stall.market.open()
    stall.market.stock(PLENTY)
    stall.market.slots(SLOT)
    stall.rush([a_buyer() for _ in range(200)])
