"""Who is on duty in a hub, and the offices a question may be sent to.

Revision: 0007, after 0006, 2026-11-26.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "duty",
        sa.Column("hub", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("starts", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["hub"], ["hub.id"], name=op.f("fk_duty_hub_hub")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_duty_person_person")),
        sa.PrimaryKeyConstraint("hub", "person", "starts", name=op.f("pk_duty")),
    )
    op.create_table(
        "office",
        sa.Column("name", text(), nullable=False),
        sa.Column("what", text(), nullable=False),
        sa.Column("place", text(), nullable=False),
        sa.Column("hours", text(), nullable=False),
        sa.Column("phone", text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_office")),
    )


def downgrade() -> None:
    op.drop_table("office")
    op.drop_table("duty")
