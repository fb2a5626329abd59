"""Desks of liaisons for groups no bot can enter, what they pasted, and the hub above a hub.

Revision: 0006, after 0005, 2026-11-26.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("village", "pass"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("relayed", sa.Boolean(), server_default=sa.text("0"), nullable=False)
            )
    with op.batch_alter_table("hub", schema=None) as batch_op:
        batch_op.add_column(sa.Column("above_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_hub_above_id_hub"), "hub", ["above_id"], ["id"])
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("village", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("quotes", sa.JSON(), nullable=False),
        sa.Column("message", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_draft_by_person")),
        sa.ForeignKeyConstraint(
            ["village"], ["village.id"], name=op.f("fk_draft_village_village")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )


def downgrade() -> None:
    op.drop_table("draft")
    with op.batch_alter_table("hub", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_hub_above_id_hub"), type_="foreignkey")
        batch_op.drop_column("above_id")
    for table in ("pass", "village"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("relayed")
