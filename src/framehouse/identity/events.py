"""What happens to viewers' logins, told upwards in the transaction in which it happens."""

from dataclasses import dataclass

from framehouse.kernel import LoginId, TenantId


@dataclass(frozen=True)
class LoginRevoked:
    """A login gets a new password or goes: what was signed in with it ends. Told before the row changes, so that
    handlers find what hangs on it."""

    tenant_id: TenantId
    login_id: LoginId
