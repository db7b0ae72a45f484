"""Days before months, as in Europe: 03/04/2023 would be read as March here and as April there."""

DATE_FORMAT = "j F Y"  # 3 April 2023
DATETIME_FORMAT = "l j F Y, G:i"  # Sunday 22 November 2026, 9:30
SHORT_DATE_FORMAT = "j M Y"  # 3 Apr 2023
SHORT_DATETIME_FORMAT = "j M Y, G:i"
