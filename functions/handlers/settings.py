"""The environment, read in one place: every variable that `template.yaml` sets, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a deployment. A variable that a function does not get is empty."""

    table: str
    identity_key: str
    signing_keys: tuple[str, ...]  # newest last: it signs, all of them verify
    origin_secrets: tuple[str, ...]  # what the CDN sends along; none where there is no CDN, or no HTTP
    funnel_cache_seconds: int
    first_queue_url: str
    first_queue_arn: str
    drip_queue_url: str
    drip_queue_arn: str
    schedule_group: str
    schedule_role_arn: str
    mail_set: str
    assets_bucket: str
    send_rate: float  # the drip's mails a second; 0: a share of what SES allows
    warm_up_since: date | None  # the first day of a new domain; None: it is not new
    hook_secrets: Mapping[str, str]  # what each provider signs its webhooks with

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """From the process environment on Lambda, from the template's own values on one machine."""
        return cls(
            table=environment["TABLE"],
            identity_key=environment["IDENTITY_KEY"],
            signing_keys=_listed(environment["SIGNING_KEYS"]),
            origin_secrets=_listed(environment.get("ORIGIN_SECRET", "")),
            funnel_cache_seconds=int(environment.get("FUNNEL_CACHE_SECONDS", "60")),
            first_queue_url=environment.get("FIRST_QUEUE_URL", ""),
            first_queue_arn=environment.get("FIRST_QUEUE_ARN", ""),
            drip_queue_url=environment.get("DRIP_QUEUE_URL", ""),
            drip_queue_arn=environment.get("DRIP_QUEUE_ARN", ""),
            schedule_group=environment.get("SCHEDULE_GROUP", ""),
            schedule_role_arn=environment.get("SCHEDULE_ROLE_ARN", ""),
            mail_set=environment.get("MAIL_SET", ""),
            assets_bucket=environment.get("ASSETS_BUCKET", ""),
            send_rate=float(environment.get("SEND_RATE", "0")),
            warm_up_since=_date(environment.get("WARM_UP_SINCE", "")),
            hook_secrets=_by_name(environment.get("HOOK_SECRETS", "")),
        )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _by_name(text: str) -> dict[str, str]:
    """`stripe=whsec_1,cal=abc` as secrets by provider."""
    pairs = (each.partition("=") for each in _listed(text))
    return {name.strip(): secret.strip() for name, _, secret in pairs if secret.strip()}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())
