"""How is an FAQ entry written down, so that it can be read again without loss?

The same mapping goes into YAML files and into the database; `faq_check` reads it back.
"""

from datetime import date
from typing import Any

from knowledge.model import FaqEntry


def content_of(entry: FaqEntry) -> dict[str, Any]:
    """Return the entry as a mapping, in the order people read it."""
    content: dict[str, Any] = {
        "id": entry.id,
        "category": entry.category.value,
        "status": entry.status.value,
        "review_by": entry.review_by,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "question": entry.question,
        "variants": list(entry.variants),
        "answer": entry.answer,
        "steps": list(entry.steps),
        "sources": [
            {"law": one.law, "article": one.article, "checked_on": one.checked_on}
            for one in entry.sources
        ],
    }
    return {key: value for key, value in content.items() if value is not None}


def with_text_days(content: dict[str, Any]) -> dict[str, Any]:
    """Return the content with its days as text, for JSON."""
    text = {k: v.isoformat() if isinstance(v, date) else v for k, v in content.items()}
    text["sources"] = [
        source | {"checked_on": source["checked_on"].isoformat()} for source in content["sources"]
    ]
    return text


def with_days(text: dict[str, Any]) -> dict[str, Any]:
    """Return what `with_text_days` was made of."""
    days = ("review_by", "valid_from", "valid_to")
    content = {k: date.fromisoformat(v) if k in days else v for k, v in text.items()}
    content["sources"] = [
        source | {"checked_on": date.fromisoformat(source["checked_on"])}
        for source in text["sources"]
    ]
    return content
