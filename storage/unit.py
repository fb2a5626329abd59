"""What can be asked inside one transaction? The named questions of every table, bundled."""

from sqlalchemy import Connection

from storage.doors import Doors
from storage.drafts import Drafts
from storage.faq import Faq
from storage.gauges import GaugeReader
from storage.inbox import Inbox
from storage.meta import Meta, Rules
from storage.misses import Misses
from storage.outbox import Outbox
from storage.people import People
from storage.rosters import Rosters
from storage.staff import StaffBook
from storage.tickets import Tickets
from storage.timers import Timers
from storage.web import WebMessages


class Unit:
    """One transaction. Plain synchronous code; the store begins, commits and rolls back."""

    def __init__(self, connection: Connection) -> None:
        self.inbox = Inbox(connection)
        self.outbox = Outbox(connection)
        self.tickets = Tickets(connection)
        self.timers = Timers(connection)
        self.people = People(connection)
        self.web = WebMessages(connection)
        self.doors = Doors(connection)
        self.drafts = Drafts(connection)
        self.rosters = Rosters(connection)
        self.faq = Faq(connection)
        self.misses = Misses(connection)
        self.staff = StaffBook(connection)
        self.rules = Rules(connection)
        self.meta = Meta(connection)
        self.gauges = GaugeReader(connection)
