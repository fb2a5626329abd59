"""What does a message carry that is not text? Content in the API's shape."""

from dataclasses import dataclass

from tests.telegram_server.spec import Json


@dataclass(eq=False)
class Media:
    """Makes files; each has an id of its own."""

    made: int = 0

    def voice(self, seconds: int) -> Json:
        """A voice message."""
        return {"voice": self._file("voice") | {"duration": seconds, "mime_type": "audio/ogg"}}

    def photo(self, caption: str | None = None) -> Json:
        """A photo in two sizes."""
        sizes = [self._file("photo") | {"width": w, "height": w * 3 // 4} for w in (320, 1280)]
        return {"photo": sizes} | _caption(caption)

    def video(self, seconds: int, caption: str | None = None) -> Json:
        """A video."""
        video = self._file("video") | {"width": 1280, "height": 720, "duration": seconds}
        return {"video": video} | _caption(caption)

    def sticker(self, emoji: str) -> Json:
        """A sticker."""
        sticker = self._file("sticker") | {"type": "regular", "width": 512, "height": 512}
        return {"sticker": sticker | {"is_animated": False, "is_video": False, "emoji": emoji}}

    def document(self, name: str, caption: str | None = None) -> Json:
        """A file."""
        document = self._file("document") | {"file_name": name, "mime_type": "application/pdf"}
        return {"document": document} | _caption(caption)

    def location(self, latitude: float, longitude: float) -> Json:
        """A place."""
        return {"location": {"latitude": latitude, "longitude": longitude}}

    def album(self, count: int, caption: str | None = None) -> list[Json]:
        """Photos that belong together: the same group id, one caption, no end mark."""
        photos = [self.photo(caption if index == 0 else None) for index in range(count)]
        group = f"{13_000_000_000_000_000 + self.made}"
        return [photo | {"media_group_id": group} for photo in photos]

    def _file(self, kind: str) -> Json:
        self.made += 1
        return {
            "file_id": f"{kind}-{self.made:04}-file",
            "file_unique_id": f"u{self.made:06}",
            "file_size": 10_000 + self.made,
        }


def _caption(caption: str | None) -> Json:
    return {} if caption is None else {"caption": caption}
