"""Everything that is measured, in one run: `python -m bench`."""

from bench import transition, webhook

transition.main()
webhook.main()
