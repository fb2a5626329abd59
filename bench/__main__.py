"""Everything that is measured, in one run: `python -m bench`."""

from bench import matching, timers, transition, webhook

transition.main()
webhook.main()
timers.main()
matching.main()
