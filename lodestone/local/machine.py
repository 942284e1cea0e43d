"""The stack of template.yaml, running in this process: stand-ins, functions, triggers, clock."""

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto import mock_aws

from lodestone.data_directory.clock import Clock
from lodestone.data_directory.store import Store, open_store
from lodestone.local.engine import Engine, ScheduleSource, Source, TimerSource
from lodestone.local.faults import FaultLog, Faults
from lodestone.local.functions import Functions, prepare_logging
from lodestone.local.mails import Mails
from lodestone.local.messages import Messages
from lodestone.local.schedules import Schedules
from lodestone.local.stack import Stack, Trigger, read_stack
from lodestone.local.stand_ins.bus import Bus
from lodestone.local.stand_ins.files import FileStandIn
from lodestone.local.stand_ins.postal import PostalStandIn
from lodestone.local.stand_ins.queues import QueueStandIn
from lodestone.local.stand_ins.scheduling import SchedulerStandIn
from lodestone.local.stand_ins.tables import TableStandIn
from lodestone.local.template import read_template
from lodestone.local.triggers import QueueMapping, StreamMapping, stream_readers


@dataclass(frozen=True)
class Clients:
    """The clients that the functions get in place of boto3's."""

    dynamodb: Any
    sqs: Any
    scheduler: Any
    sesv2: Any
    s3: FileStandIn


@dataclass(frozen=True)
class Machine:
    """The running stack. `environment` has the variables of all functions: the names of tables, queues, buckets."""

    stack: Stack
    store: Store
    clock: Clock
    messages: Messages
    schedules: Schedules
    mails: Mails
    faults: Faults
    clients: Clients
    functions: Functions
    engine: Engine
    environment: Mapping[str, str]


@contextmanager
def run_machine(
    template: Path, data: Path, origin: str, wire: Callable[..., Any], say: Callable[[str], None]
) -> Iterator[Machine]:
    """Run the stack of a template with the content of a data directory; stop it when the block ends.

    `origin` is the address that links to files begin with, `wire` is `handlers.wiring.wire`, `say` prints.
    A process can run one at a time, because moto's mocks are global. Raises CannotServe if the template or the data
    cannot be used.
    """
    store = open_store(data)
    with mock_aws():
        machine = _assemble(template, store, data, origin, wire, say)
        store.listen(machine.engine.wake)
        pump = threading.Thread(target=machine.engine.run, name="engine", daemon=True)
        pump.start()
        try:
            yield machine
        finally:
            machine.engine.stop()
            pump.join(timeout=5)
    store.close()


def _assemble(
    template: Path,
    store: Store,
    data: Path,
    origin: str,
    wire: Callable[..., Any],
    say: Callable[[str], None],
) -> Machine:
    clock = Clock(store)
    stack = read_stack(read_template(template), lambda name: store.secret(name, _secret))
    messages, schedules, mails = Messages(store, clock.now), Schedules(store), Mails(store)
    faults = Faults(clock.now, say)
    clients = Clients(
        dynamodb=TableStandIn(
            stack.tables, store, messages, stream_readers(_streams(stack)), clock.now
        ).client(),
        sqs=QueueStandIn(stack.queues, messages).client(),
        scheduler=SchedulerStandIn(stack.schedule_groups, stack.queues, schedules).client(),
        sesv2=PostalStandIn(stack.mail_sets, store, mails, Bus(stack.rules, messages), clock.now).client(),
        s3=FileStandIn(
            stack.buckets, data / "objects", store, store.secret("files", _secret), origin, clock.now
        ),
    )
    prepare_logging(stack.functions, FaultLog(faults))
    functions = Functions(stack.functions, wire, clients, clock.now)
    passing = [
        ScheduleSource(schedules, messages, store),
        *_mappings(stack, messages, functions, faults, clock),
    ]
    lasting = [TimerSource(timer, store, functions, faults, clock.now) for timer in stack.timers]
    environment = {
        name: value for function in stack.functions for name, value in function.environment.items()
    }
    engine = Engine(clock, passing, lasting, faults)
    return Machine(
        stack, store, clock, messages, schedules, mails, faults, clients, functions, engine, environment
    )


def _streams(stack: Stack) -> list[Trigger]:
    streams = {table.stream_arn for table in stack.tables}
    return [trigger for trigger in stack.triggers if trigger.source in streams]


def _mappings(
    stack: Stack, messages: Messages, functions: Functions, faults: Faults, clock: Clock
) -> Iterator[Source]:
    queues = {queue.arn: queue for queue in stack.queues}
    for trigger in stack.triggers:
        if trigger.source in queues:
            yield QueueMapping(trigger, queues[trigger.source], messages, functions, faults)
        else:
            yield StreamMapping(trigger, messages, functions, faults, clock.now)


def _secret() -> str:
    """Return 64 random characters, as `GenerateSecretString` makes them on the first deploy."""
    return secrets.token_hex(32)
