"""Days without a leading zero, and the word before the time of day."""

DATE_FORMAT = "j F Y"  # 3 aprile 2023
DATETIME_FORMAT = r"l j F Y, \o\r\e G:i"  # domenica 22 novembre 2026, ore 9:30
