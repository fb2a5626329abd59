"""How does Alembic reach the database? On the connection `storage.migrate` hands over."""

from alembic import context

from storage.tables_web import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
context.run_migrations()
