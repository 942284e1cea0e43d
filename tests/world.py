"""A funnel in memory: the real handlers on fakes that keep what AWS keeps, and can break where AWS can.

Every fake speaks boto3's client methods. `World.crash_at` stops the process (a BaseException) before or after
any chosen AWS call, as a killed container would.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from aws import ledger
from aws.funnels import FUNNEL, MAGNET, MAIL, PAGE, RULES, SITE, definition_item
from aws.queue import DripMessage
from handlers import (
    act,
    capture,
    click,
    confirm,
    data,
    download,
    drip,
    feedback,
    hook,
    keep_subscribed,
    react,
    reconcile,
    unsubscribe,
)
from handlers.wiring import Wiring, wire
from leads import placeholders
from leads.events import Event
from leads.features.downloads import Asset, configure
from leads.folding import fold
from leads.funnel import (
    Consent,
    Field,
    Funnel,
    Mail,
    Sender,
    Step,
    funnel_to_json,
    mail_name,
    mail_to_json,
)
from leads.lead import Lead
from leads.link_types import LINK_TYPES
from leads.mail_types import service_mails_of
from leads.pace import lane_of
from leads.rules import DEFAULT, Rules, rules_to_json
from tests import expressions

#: Items in a page of a scan: fewer than some leads have.
PAGE_OF_A_SCAN = 7

START = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
DAY = 86_400

ENVIRONMENT = {
    "TABLE": "leads",
    "IDENTITY_KEY": "identity",
    "SIGNING_KEYS": "old,new",
    "FUNNEL_CACHE_SECONDS": "60",
    "FIRST_QUEUE_URL": "first",
    "FIRST_QUEUE_ARN": "arn:first",
    "DRIP_QUEUE_URL": "drip",
    "DRIP_QUEUE_ARN": "arn:drip",
    "SCHEDULE_GROUP": "group",
    "SCHEDULE_ROLE_ARN": "arn:role",
    "MAIL_SET": "mail",
    "ASSETS_BUCKET": "assets",
    "HOOK_SECRETS": "trials=wonder, unused=secret",
}


def make_funnel(**changes: Any) -> Funnel:
    """A guide with two drip mails, double opt-in and a separate consent tick."""
    known = {
        "slug": "guide",
        "kind": "ebook",
        "title": "The Guide",
        "url": "/guide/",
        "base_url": "https://press.example",
        "site_name": "The Press",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "country": "DE",
        "postal_address": "1 Example Street",
        "sender": Sender("Ann of the Press", "ann@press.example", "reply@press.example"),
        "build_id": "build-1",
        "fields": (
            Field("first_name", "First name"),
            Field("email", "E-mail", "email", required=True),
        ),
        "consent": Consent("Yes, write to me.", False, "c0ffee"),
        "opt_in": "double",
        "features": {
            "downloads": configure(
                (Asset("guide/abc/guide.pdf", "guide.pdf", "The Guide", "application/pdf", 2_300_000),)
            )
        },
        "steps": (Step("first", 2 * DAY), Step("second", 3 * DAY, "09:00")),
        "pages": {"thanks": "/guide/thanks/", "call": "/guide/call/", "confirmed": "/guide/confirmed/"},
    }
    return Funnel(**{**known, **changes})


def make_mail(step: str) -> Mail:
    """A mail that shows its step, the lead's name and every link."""
    body = placeholders.split(
        f"{step} for {placeholders.mark('name')} " + " ".join(placeholders.mark(each) for each in LINK_TYPES),
        {"name": placeholders.Placeholder("first_name", "there")},
    )
    return Mail(step, (f"Subject of {step} for ", placeholders.Placeholder("first_name", "you")), body, body)


class Crash(BaseException):
    """The container is gone."""


class ClientError(Exception):
    """What botocore raises, as far as our code looks."""

    def __init__(self, code: str, status: int = 400, item: dict | None = None):
        super().__init__(code)
        self.response = {
            "Error": {"Code": code},
            "ResponseMetadata": {"HTTPStatusCode": status},
            "Item": item,
        }


class World:
    """The whole funnel, its clock and its surroundings."""

    def __init__(self, funnel: Funnel | None = None):
        self.time = START
        self.items: dict[tuple[str, str], dict] = {}
        self.stream: list[dict] = []
        self.messages: list[str] = []
        self.schedules: dict[str, tuple[datetime, str]] = {}
        self.sent: list[dict] = []
        self.notices: list[dict] = []  # mails to the owner
        # What SES allows: so much that nothing waits, unless a test lowers it.
        self.account = {"MaxSendRate": 1e6, "Max24HourSend": -1.0, "SentLast24Hours": 0.0}
        self.refusals: list[Exception] = []  # raised by the next sends, before anything goes out
        self.calls: list[str] = []
        self.metrics: Counter = Counter()
        self.repeat_puts = False
        self.crash_at: int | None = None  # the how-manyeth point: two a call, before and after
        self._points = 0
        self.running = ""
        self.passed_points: Counter = Counter()  # (function, before or after a call): how often it was passed
        self.killed: Counter = Counter()  # where a container died
        self._numbers = itertools.count(1)
        self.publish(funnel or make_funnel())
        self.wiring = self.restart()

    # ── surroundings ──
    def restart(self) -> Wiring:
        """A new container: nothing kept in memory."""
        clients = SimpleNamespace(
            dynamodb=_Dynamo(self), sqs=_Sqs(self), scheduler=_Scheduler(self), sesv2=_Ses(self), s3=_S3()
        )
        self.wiring = wire(ENVIRONMENT, clients, lambda: self.time, self._count, sleep=self._sleep)
        return self.wiring

    def publish(self, funnel: Funnel) -> None:
        """Put a definition and its mails, as `publish` does."""
        self.funnel = funnel
        pk = MAGNET + funnel.slug
        items = [definition_item(pk, FUNNEL, funnel_to_json(funnel))]
        names = (mail_name(step.slug, each) for step in funnel.steps for each in step.variants or ("",))
        steps = (*service_mails_of(funnel.features), *names)
        items += [definition_item(pk, MAIL + step, mail_to_json(make_mail(step))) for step in steps]
        for name in ("form", "answers"):
            items.append(definition_item(pk, PAGE + name, placeholders.encode(form_page(funnel))))
        items += [
            definition_item(SITE, PAGE + name, placeholders.encode(page)) for name, page in SERVICE.items()
        ]
        self._keep(*items)

    def publish_rules(self, rules: Rules) -> None:
        """Put what the owner set of the rules, as `publish` does."""
        self._keep(definition_item(SITE, RULES, rules_to_json(rules)))

    def publish_page(self, magnet: str, name: str, text: str) -> None:
        """Put a page of a magnet that a function fills."""
        page = placeholders.encode(placeholders.split(text))
        self._keep(definition_item(MAGNET + magnet, PAGE + name, page))

    def withdraw(self, magnet: str) -> None:
        """Take everything of a magnet back."""
        for key in [each for each in self.items if each[0] == MAGNET + magnet]:
            del self.items[key]
        self.wiring.funnels.forget()

    def _keep(self, *items: dict) -> None:
        for item in items:
            self.items[item["pk"]["S"], item["sk"]["S"]] = item
        if hasattr(self, "wiring"):
            self.wiring.funnels.forget()

    def point(self, call: str) -> None:
        """A moment at which the container may die."""
        self._points += 1
        self.passed_points[self.running, call] += 1
        if self.crash_at is not None and self._points >= self.crash_at:
            self.crash_at = None
            self.killed[self.running, call] += 1
            raise Crash(call)

    def arm(self, points: int | None) -> None:
        """Die at the how-manyeth point from now."""
        self._points, self.crash_at = 0, points

    def _sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def _count(self, name: str) -> None:
        self.metrics[name] += 1

    def handle(self, function: ModuleType, event: dict) -> dict:
        """Invoke a function. `running` names it while its calls are counted, broken or killed."""
        self.running = function.__name__.rpartition(".")[2]
        return function.respond(event, self.wiring)

    # ── what people and AWS do ──
    def post(self, body: str, path: str = "guide", **headers: str) -> dict:
        """Send the form."""
        headers = {"content-type": "application/x-www-form-urlencoded", **headers}
        return self.handle(capture, http("POST", body, {"magnet": path}, headers=headers))

    def confirm(self, link: str, method: str = "POST") -> dict:
        return self.handle(confirm, http(method, query=link.partition("?")[2]))

    def unsubscribe(self, link: str, method: str = "POST", body: str = "") -> dict:
        return self.handle(unsubscribe, http(method, body, query=link.partition("?")[2]))

    def click(self, magnet: str, step: str, link: str, agent: str = "Mozilla/5.0") -> dict:
        """Follow a counted link of a mail."""
        payload = [self.lead_id(), magnet, step, 1, link]
        token = self.wiring.signer.sign("click", payload, self.time)
        return self.handle(click, http("GET", query=f"t={token}", headers={"user-agent": agent}))

    def choose(self, link: str, choice: str) -> dict:
        """Press a button of the preference page."""
        event = http("POST", urlencode({"t": link.partition("?t=")[2], "choice": choice}))
        return self.handle(unsubscribe, event)

    def stay(self, link: str, method: str = "POST") -> dict:
        return self.handle(keep_subscribed, http(method, query=link.partition("?")[2]))

    def data(self, link: str, more: str = "", **form: str) -> dict:
        """Look at what is stored, `more` being more of the query; or post the form."""
        query = link.partition("?")[2]
        event = http("POST", urlencode(form), query=query) if form else http("GET", query=query + more)
        return self.handle(data, event)

    def data_link(self) -> str:
        """Ask for the link to what is stored, and find it in the inbox."""
        assert self.choose(self.link("preferences"), "data")["statusCode"] == 200
        self.settle()
        return self.link("data", "your-data")

    def act(self, link: str, method: str = "POST", body: str = "", **headers: str) -> dict:
        """Follow the link to an action of a feature, or press its button."""
        path, _, query = link.partition("/api/do/")[2].partition("?")
        names = dict(zip(("magnet", "feature", "action"), path.split("/"), strict=True))
        return self.handle(act, http(method, body, names, query, headers or None))

    def hook(self, provider: str, body: str, base64: bool = False, **headers: str) -> dict:
        """A provider reports something."""
        event = http("POST", body, {"provider": provider}, headers=headers, base64=base64)
        return self.handle(hook, event)

    def download(self, link: str, agent: str = "Mozilla/5.0", method: str = "GET") -> dict:
        event = http(method, query=link.partition("?")[2], headers={"user-agent": agent})
        return self.handle(download, event)

    def deliver_stream(self) -> None:
        """Hand every stream record to `react`."""
        records, self.stream = self.stream, []
        if records:
            answer = self.handle(react, {"Records": records})
            assert answer == {"batchItemFailures": []}

    def deliver_stream_or_keep(self, records: list[dict]) -> None:
        """The same, where the container may die: Lambda comes back with a batch that was not answered."""
        answer = self.handle(react, {"Records": records}) if records else None
        if answer == {"batchItemFailures": []}:
            self.stream = self.stream[len(records) :]

    def deliver_message(self, body: str) -> dict:
        """Hand one queue message to `drip`."""
        return self.handle(drip, {"Records": [{"messageId": "m", "body": body}]})

    def report(self, body: str) -> dict:
        return self.handle(feedback, {"Records": [{"messageId": "m", "body": body}]})

    def reconcile(self) -> None:
        self.handle(reconcile, {})

    def fire_schedules(self) -> None:
        """Queue what is due."""
        for name, (due, body) in sorted(self.schedules.items(), key=lambda each: each[1]):
            if due <= self.time:
                del self.schedules[name]
                self.messages.append(body)

    def settle(self) -> None:
        """Run stream and queue until both are empty."""
        while self.stream or self.messages:
            self.deliver_stream()
            while self.messages:
                answer = self.deliver_message(self.messages.pop(0))
                assert answer == {"batchItemFailures": []}

    def advance(self, **span: float) -> None:
        """Move the clock, everything due on the way in its order."""
        until = self.time + timedelta(**span)
        while True:
            self.fire_schedules()
            self.settle()
            due = min((due for due, _ in self.schedules.values()), default=None)
            if due is None or due > until:
                break
            self.time = max(self.time, due)
        self.time = until

    # ── looking ──
    def mails(self) -> list[str]:
        """The steps that were sent, in order."""
        return [each["step"] for each in self.sent]

    def link(self, purpose: str, step: str = "") -> str:
        """The link of that purpose in the latest mail (of that step) that has one."""
        mails = (each["text"] for each in reversed(self.sent) if step in ("", each["step"]))
        return next(word for text in mails for word in text.split() if f"/api/{purpose}?" in word)

    def lead_id(self) -> str:
        return next(pk.removeprefix("LEAD#") for pk, _ in self.items if pk.startswith("LEAD#"))

    def events(self, type: str = "") -> list:
        found = self.wiring.ledger.events(self.lead_id())
        return [each for each in found if type in ("", each.type)]

    def note(self, event: Event) -> None:
        """Something happens that no request of this world tells of; the stream is delivered."""
        self.wiring.ledger.append(self.lead_id(), event)
        self.settle()

    def lead(self) -> Lead:
        """The one lead, folded."""
        return fold(self.lead_id(), self.events(), DEFAULT)

    def sign_up(self, extra: str = "&consent=yes", path: str = "guide") -> None:
        """From the form to the delivery mail."""
        assert self.post(f"email=lead%40example.com&first_name=Ida{extra}", path)["statusCode"] == 303
        self.settle()
        assert self.confirm(self.link("confirm"))["statusCode"] == 303
        self.settle()


def http(
    method: str,
    body: str = "",
    path: dict | None = None,
    query: str = "",
    headers: dict | None = None,
    base64: bool = False,
) -> dict:
    """An HTTP API event, payload format 2.0."""
    return {
        "version": "2.0",
        "rawQueryString": query,
        "headers": headers or {"content-type": "application/x-www-form-urlencoded"},
        "requestContext": {"http": {"method": method}},
        "pathParameters": path or {},
        "body": body,
        "isBase64Encoded": base64,
    }


def form_page(funnel: Funnel) -> placeholders.Parts:
    """A form page with every placeholder the handlers fill."""
    mark = placeholders.mark
    fields = "".join(
        f'<input id="{each.name}" value="{mark("value:" + each.name)}"{mark("invalid:" + each.name)}>'
        + mark(f"error:{each.name}")
        for each in funnel.fields
    )
    consent = f"<input type=checkbox id=consent{mark('checked:consent')}>{mark('error:consent')}"
    landing = f'<input name="_landing" value="{mark("value:_landing")}">'
    return placeholders.split(f"<main>{mark('summary')}{fields}{consent}{landing}</main>")


SERVICE = {
    "confirm": placeholders.split(
        f"<h1>{placeholders.mark('title')}</h1><form action={placeholders.mark('action')}>{placeholders.mark('token')}"
    ),
    "preferences": placeholders.split(
        "".join(
            placeholders.mark(each) for each in ("heading", "text", "choices", "series", "action", "token")
        )
    ),
    "stay": placeholders.split(
        f"<h1>{placeholders.mark('title')}</h1><form action={placeholders.mark('action')}>{placeholders.mark('token')}"
    ),
    "data": placeholders.split(
        "".join(placeholders.mark(each) for each in ("notice", "person", "magnets", "file", "erase"))
    ),
    "erase": placeholders.split(
        f"<form action={placeholders.mark('action')}>{placeholders.mark('token')}{placeholders.mark('fault')}</form>"
    ),
    "erased": ("<h1>Erased</h1>",),
    "download": placeholders.split(
        f"<h1>{placeholders.mark('title')}</h1><ul>{placeholders.mark('items')}</ul>"
    ),
    "message": placeholders.split(
        f"<h1>{placeholders.mark('heading')}</h1><p>{placeholders.mark('text')}</p>{placeholders.mark('link_href')}"
    ),
}


def _calls(method: Callable) -> Callable:
    """Count the call, and let the container die before it or after it."""

    def wrapped(self: Any, **request: Any) -> Any:
        self.world.calls.append(method.__name__)
        self.world.point(f"before {method.__name__}")
        try:
            answer = method(self, **request)
        except Exception:
            self.world.point(f"after {method.__name__}")
            raise
        self.world.point(f"after {method.__name__}")
        return answer

    return wrapped


class _Fake:
    def __init__(self, world: World):
        self.world = world


class _Dynamo(_Fake):
    @_calls
    def get_item(self, TableName: str, Key: dict) -> dict:
        item = self.world.items.get((Key["pk"]["S"], Key["sk"]["S"]))
        return {"Item": item} if item else {}

    @_calls
    def put_item(
        self,
        TableName: str,
        Item: dict,
        ConditionExpression: str,
        ReturnValuesOnConditionCheckFailure: str,
        ExpressionAttributeValues: dict | None = None,
    ) -> dict:
        key = Item["pk"]["S"], Item["sk"]["S"]
        known = self.world.items.get(key)
        newer = (
            known
            and "version" in ConditionExpression
            and int(known["version"]["N"]) <= int(Item["version"]["N"])
        )
        if known and not newer:
            raise ClientError("ConditionalCheckFailedException", item=known)
        self.world.items[key] = Item
        if key[1].startswith(ledger.EVENT):
            number = str(next(self.world._numbers))
            self.world.stream.append({"dynamodb": {"NewImage": Item, "SequenceNumber": number}})
        if self.world.repeat_puts and key[1].startswith(f"{ledger.EVENT}claimed"):
            self.world.repeat_puts = False
            raise ClientError("ConditionalCheckFailedException", item=Item)
        return {}

    @_calls
    def delete_item(self, TableName: str, Key: dict) -> dict:
        self.world.items.pop((Key["pk"]["S"], Key["sk"]["S"]), None)
        return {}

    @_calls
    def update_item(
        self,
        Key: dict,
        UpdateExpression: str,
        ExpressionAttributeValues: dict,
        ConditionExpression: str = "",
        **_: Any,
    ) -> dict:
        key = Key["pk"]["S"], Key["sk"]["S"]
        item = self.world.items.get(key)
        if ConditionExpression and not expressions.holds(
            ConditionExpression, item, ExpressionAttributeValues
        ):
            raise ClientError("ConditionalCheckFailedException", item=item)
        changed = expressions.updated(item or Key, UpdateExpression, ExpressionAttributeValues)
        self.world.items[key] = changed
        return {}

    def get_paginator(self, operation: str) -> Any:
        return SimpleNamespace(paginate=self._scan_pages if operation == "scan" else getattr(self, operation))

    def _scan_pages(self, Segment: int, **request: Any) -> Iterator[dict]:
        """The whole table is in the first segment."""
        page: dict = {"LastEvaluatedKey": None}
        while Segment == 0 and "LastEvaluatedKey" in page:
            page = self.scan(ExclusiveStartKey=page["LastEvaluatedKey"], **request)
            yield page

    @_calls
    def query(self, ExpressionAttributeValues: dict, **rest: Any) -> list[dict]:
        values = {name.lstrip(":"): each["S"] for name, each in ExpressionAttributeValues.items()}
        pk, prefix = values["pk"], values.get("event") or values["sk"]
        assert rest["ConsistentRead"]
        found = [item for key, item in self.world.items.items() if key[0] == pk and key[1].startswith(prefix)]
        return [{"Items": found[:3]}, {"Items": found[3:]}]

    @_calls
    def scan(self, ExpressionAttributeValues: dict, ExclusiveStartKey: dict | None = None, **_: Any) -> dict:
        """A page of a few items, so that a partition lies across pages."""
        prefix = ExpressionAttributeValues[":lead"]["S"]
        sort_prefix = ExpressionAttributeValues.get(":event", {"S": ""})["S"]
        start = (
            (ExclusiveStartKey["pk"]["S"], ExclusiveStartKey["sk"]["S"]) if ExclusiveStartKey else ("", "")
        )
        keys = sorted(key for key in self.world.items if key > start)
        page = keys[:PAGE_OF_A_SCAN]
        found = [
            self.world.items[key]
            for key in page
            if key[0].startswith(prefix) and key[1].startswith(sort_prefix)
        ]
        last = {"pk": {"S": page[-1][0]}, "sk": {"S": page[-1][1]}} if len(keys) > len(page) else None
        return {"Items": found} | ({"LastEvaluatedKey": last} if last else {})


class _Sqs(_Fake):
    @_calls
    def send_message(self, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> dict:
        assert QueueUrl == lane_of(DripMessage.from_json(MessageBody).step)
        if DelaySeconds:
            due = self.world.time + timedelta(seconds=DelaySeconds)
            self.world.schedules[f"message {next(self.world._numbers)}"] = due, MessageBody
        else:
            self.world.messages.append(MessageBody)
        return {}


class _Scheduler(_Fake):
    @_calls
    def create_schedule(self, Name: str, ScheduleExpression: str, Target: dict, **rest: Any) -> dict:
        assert len(Name) <= 64
        assert rest["ActionAfterCompletion"] == "DELETE"
        if Name in self.world.schedules:
            raise ClientError("ConflictException", 409)
        due = datetime.fromisoformat(ScheduleExpression[3:-1]).replace(tzinfo=UTC)
        assert Target["Arn"] == f"arn:{lane_of(DripMessage.from_json(Target['Input']).step)}"
        self.world.schedules[Name] = due, Target["Input"]
        return {}


class _Ses(_Fake):
    @_calls
    def get_account(self) -> dict:
        return {"SendQuota": self.world.account}

    @_calls
    def send_email(self, **request: Any) -> dict:
        if self.world.refusals:
            raise self.world.refusals.pop(0)
        simple = request["Content"]["Simple"]
        if "EmailTags" not in request:
            return self._to_owner(request, simple)
        tags = {each["Name"]: each["Value"] for each in request["EmailTags"]}
        _, step, ask, attempt = tags["send"].split("_")
        number = f"message-{len(self.world.sent) + 1}"
        self.world.sent.append(
            {
                "id": number,
                "lead": tags["lead"],
                "send": tags["send"],
                "step": step,
                "ask": int(ask),
                "attempt": int(attempt),
                "at": self.world.time,
                "text": simple["Body"]["Text"]["Data"],
                "subject": simple["Subject"]["Data"],
                "headers": {each["Name"]: each["Value"] for each in simple["Headers"]},
                "from": request["FromEmailAddress"],
                "to": request["Destination"]["ToAddresses"],
            }
        )
        return {"MessageId": number}

    def _to_owner(self, request: dict, simple: dict) -> dict:
        number = f"notice-{len(self.world.notices) + 1}"
        self.world.notices.append(
            {
                "id": number,
                "to": request["Destination"]["ToAddresses"],
                "from": request["FromEmailAddress"],
                "reply_to": request.get("ReplyToAddresses", []),
                "subject": simple["Subject"]["Data"],
                "text": simple["Body"]["Text"]["Data"],
                "html": simple["Body"]["Html"]["Data"],
            }
        )
        return {"MessageId": number}


class _S3:
    def generate_presigned_url(self, operation: str, Params: dict, ExpiresIn: int) -> str:
        return f"https://bucket.example/{Params['Key']}?disposition={Params['ResponseContentDisposition']}"
