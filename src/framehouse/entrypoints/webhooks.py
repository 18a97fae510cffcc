"""`framehouse webhooks`: the secret that a tenant's receivers verify calls with, and what was delivered."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from framehouse import identity, webhooks
from framehouse.bootstrap.services import Services
from framehouse.kernel import NotFound, from_hex

Run = Callable[[Callable[[Services], Awaitable[Any]]], Any]
FindTenant = Callable[[Services, str], Awaitable[identity.Tenant]]
LISTED = 50

Slug = Annotated[str, typer.Option("--tenant", help="The tenant's slug.")]


def commands(run: Run, find_tenant: FindTenant) -> typer.Typer:
    """The sub-commands; `run` opens the installation, `find_tenant` ends the program for an unknown slug."""
    app = typer.Typer(help="Webhooks of tenants.", no_args_is_help=True)

    @app.command("secret")
    def show_secret(tenant: Slug = "demo") -> None:  # pyright: ignore[reportUnusedFunction]  # typer keeps it
        """Print the secret that the tenant's receivers verify signatures with."""

        async def secret(services: Services) -> str:
            owner = await find_tenant(services, tenant)
            return webhooks.signing_secret(services.secrets, owner.id)

        print(run(secret))

    @app.command("list")
    def list_deliveries(tenant: Slug = "demo") -> None:  # pyright: ignore[reportUnusedFunction]  # as above
        """Print the latest deliveries, newest first."""

        async def deliveries(services: Services) -> tuple[webhooks.Delivery, ...]:
            owner = await find_tenant(services, tenant)
            return (await webhooks.deliveries_of(services.library, owner.id, limit=LISTED)).items

        print("\n".join(webhooks.tell(each) for each in run(deliveries)) or "Nothing was delivered yet.")

    @app.command("redeliver")
    def redeliver(delivery: str, tenant: Slug = "demo") -> None:  # pyright: ignore[reportUnusedFunction]  # as above
        """Deliver again what has ended, under an id of its own."""

        async def again(services: Services) -> webhooks.Delivery:
            owner = await find_tenant(services, tenant)
            delivery_id = from_hex(delivery)
            if delivery_id is None:
                raise NotFound(f"{delivery} is no delivery's id")
            return await webhooks.redeliver(services.library, owner.id, delivery_id)

        print(webhooks.tell(run(again)))

    return app
