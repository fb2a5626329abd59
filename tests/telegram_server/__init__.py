"""A strict Bot API server for tests: start reading in `server.py`.

In a test:

    async with telegram_server() as server:
        zhang = server.people.person("张三")
        village = server.people.supergroup("白石村", owner=zhang)
        server.people.add_bot(village, by=zhang)
        bot = Bot(server.bot.token, base_url=server.base_url)

By hand: `python -m tests.telegram_server --port 8081` (see `control.py`).
"""
