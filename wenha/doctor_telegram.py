"""Is everything in order with Telegram? Start reading here; the words stand in the file beside.

Asks only questions that change nothing, and stops when Telegram cannot be reached.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from base.clock import Clock
from base.wording import Wording
from bot.channels.telegram.checkup import Checkup, Myself, Standing, Unanswered, Why
from bot.channels.telegram.commands import SCOPES, in_scope
from storage.unit import Unit
from wenha import doctor_telegram_words as say
from wenha.config import Config
from wenha.doctor_telegram_words import Place
from wenha.findings import Finding
from wenha.serve import commands

TOKEN_FORM = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
CHANNEL = "telegram"
PATIENCE = 10.0  # seconds for one question
LISTEN = 6  # seconds; another poller of ours asks again after 5
AT_ONCE = 8
NO_USE = frozenset({Why.TOKEN, Why.UNREACHABLE, Why.SLOW})  # why to ask nothing more


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """What is examined; `running` says that a service works on the database now."""

    config: Config
    token: str
    places: Sequence[Place]
    running: bool
    clock: Clock
    patience: float = PATIENCE


def places(unit: Unit) -> Sequence[Place]:
    """Return the groups on Telegram that are bound, hubs first."""
    found = [Place(name=hub.name, chat=hub.chat.ref, is_hub=True) for hub in unit.people.hubs()]
    found += [
        Place(name=village.name, chat=village.chat.ref, is_hub=False)
        for village in unit.people.villages()
    ]
    return [place for place in found if place.chat.channel == CHANNEL]


def examine(patient: Patient) -> Sequence[Finding]:
    """Look at everything Telegram can tell; the token stands in no finding."""
    if not TOKEN_FORM.fullmatch(patient.token):
        return [say.no_token_form()]

    def clean(text: str) -> str:  # a last fence, whatever Telegram or a library said
        return text.replace(patient.token, "（令牌）")

    try:
        examination = _Examination(patient)
    except (RuntimeError, ValueError):  # of the client, about proxies; words may hold a password
        return [say.no_way_out()]
    found = asyncio.run(examination.findings())
    return [replace(one, what=clean(one.what), fix=clean(one.fix)) for one in found]


class _Examination:
    def __init__(self, patient: Patient) -> None:
        self._patient = patient
        telegram = patient.config.telegram
        self._base_url, self._address = telegram.base_url, telegram.webhook.address
        self._checkup = Checkup(patient.token, telegram.base_url, patient.clock, patient.patience)

    async def findings(self) -> list[Finding]:
        """Ask one thing after another."""
        found: list[Finding] = []
        async with self._checkup:
            try:
                me = await self._checkup.myself()
            except Unanswered as error:
                return [self._unanswered(error)]
            found += say.myself(me)
            found += say.skew(self._checkup.skew)
            for part in (self._receiving, self._menu, self._groups):
                if not await self._look(part, me, found):
                    break
        return found

    async def _look(
        self,
        part: Callable[[Myself], Awaitable[Sequence[Finding]]],
        me: Myself,
        found: list[Finding],
    ) -> bool:
        """Add what one part finds; False when there is no use in asking on."""
        try:
            found += await part(me)
        except Unanswered as error:
            found.append(self._unanswered(error))
            return error.why not in NO_USE
        return True

    async def _receiving(self, me: Myself) -> Sequence[Finding]:
        running = self._patient.running
        hook = await self._checkup.webhook()
        found = list(say.webhook(hook, self._address, me, running=running))
        found += say.pushing(hook, self._address, self._patient.clock.now(), running=running)
        if hook.url or self._address:
            return found
        if running:  # our own service is polling: asking would end its poll
            return [*found, say.not_disturbed()]
        return [*found, say.pollers(me, others=await self._checkup.somebody_else_polls(LISTEN))]

    async def _menu(self, _me: Myself) -> Sequence[Finding]:
        abouts = commands(Wording(self._patient.config.wording))
        found = await self._checkup.commands()
        return [say.menu([scope for scope in SCOPES if found[scope] != in_scope(scope, abouts)])]

    async def _groups(self, me: Myself) -> Sequence[Finding]:
        places = self._patient.places
        found: list[Standing | Unanswered] = []
        for at in range(0, len(places), AT_ONCE):
            found += await self._standings(places[at : at + AT_ONCE], me)
        groups = [say.group(place, one, me) for place, one in zip(places, found, strict=True)]
        return [*say.privacy(me, found), *groups]

    async def _standings(
        self, batch: Sequence[Place], me: Myself
    ) -> Sequence[Standing | Unanswered]:
        """Ask about some groups at once; what is no answer about one group ends the part.

        Raises:
            Unanswered: there is no use in asking on.
        """

        async def one(place: Place) -> Standing | Unanswered:
            try:
                return await self._checkup.standing(place.chat, me.id)
            except Unanswered as error:
                if error.why in (Why.REFUSED, Why.MOVED):
                    return error
                raise

        return await asyncio.gather(*(one(place) for place in batch))

    def _unanswered(self, error: Unanswered) -> Finding:
        return say.unanswered(error, self._base_url, self._patient.patience)
