"""Curation: what is served apart from what is written, who and why; staff and their sessions.

Revision: 0008, after 0007, 2026-11-26.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    _curated(text)
    op.create_table(
        "faq_miss",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("settled", text(), nullable=False),
        sa.Column("entry", text(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("by", text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["ticket.id"], name=op.f("fk_faq_miss_ticket_ticket")),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_faq_miss")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password", text(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("disabled_at", moment(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
    op.create_table(
        "staff_session",
        sa.Column("secret", text(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("began_at", moment(), nullable=False),
        sa.Column("used_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff"], ["staff.id"], name=op.f("fk_staff_session_staff_staff")
        ),
        sa.PrimaryKeyConstraint("secret", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff"), "staff_session", ["staff"], unique=False)


def _curated(text: type[sqlmodel.sql.sqltypes.AutoString]) -> None:
    """Give entries and revisions their new columns; what was published is what is served."""
    added = sa.text
    op.add_column("faq_entry", sa.Column("served", sa.JSON(none_as_null=True), nullable=True))
    op.add_column(
        "faq_entry", sa.Column("writers", sa.JSON(), nullable=False, server_default=added("'[]'"))
    )
    op.add_column(
        "faq_entry", sa.Column("revision", sa.Integer(), nullable=False, server_default=added("0"))
    )
    op.add_column(
        "faq_entry",
        sa.Column("recheck", sa.Boolean(), nullable=False, server_default=added("0")),
    )
    op.add_column(
        "faq_revision",
        sa.Column("deed", text(), nullable=False, server_default=added("'imported'")),
    )
    op.add_column(
        "faq_revision",
        sa.Column("serves", sa.Boolean(), nullable=False, server_default=added("1")),
    )
    op.add_column(
        "faq_revision", sa.Column("why", text(), nullable=False, server_default=added("''"))
    )
    op.execute(
        "UPDATE faq_entry SET served = content "
        "WHERE json_extract(content, '$.status') = 'published'"
    )
    op.execute(
        "UPDATE faq_entry SET revision = "
        "coalesce((SELECT max(r.id) FROM faq_revision r WHERE r.entry = faq_entry.id), 0)"
    )


def downgrade() -> None:
    for table in ("staff_session", "staff", "faq_miss"):
        op.drop_table(table)
    for column in ("deed", "serves", "why"):
        op.drop_column("faq_revision", column)
    for column in ("served", "writers", "revision", "recheck"):
        op.drop_column("faq_entry", column)
