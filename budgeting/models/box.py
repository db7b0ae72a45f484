"""The ballot box: open while people vote, sealed afterwards, editable by nobody.

The rules that must hold are in the database: see the migration `box_rules` and
`docs/voting-box.md`. None of these tables has an admin, and none joins a person to a ballot.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from residents.models import RollEntry

from .acts import JointAct
from .fields import BytesField
from .rounds import Contest, Round, Scope


class Channel(models.TextChoices):
    """How a ballot came in."""

    ONLINE = "online", _("online")
    ASSISTED = "assisted", _("online with help")
    PAPER = "paper", _("on paper")
    # Only in the totals of elections from elsewhere, whose files do not always say.
    UNKNOWN = "unknown", _("not recorded")


def _octets(column: str, length: int) -> RawSQL:
    return RawSQL(  # noqa: S611  column names of this module
        f"octet_length({column}) = {length}", (), models.BooleanField()
    )


class BoxTable(models.Model):
    """What the box's tables share: no rights to give anybody, no entry in Wagtail's indexes."""

    # An index row written beside a record would join the two by their transaction.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
        default_permissions = ()


class Box(BoxTable):
    """The box of a round: made at opening together with its key, which lives outside the database.

    `key_name` is the key's file below BOX_KEYS_DIR; `key_check` proves that a file holds the right
    key and betrays nothing about it.
    """

    round = models.OneToOneField(
        Round,
        verbose_name=_("round"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="box",
    )
    key_name = models.CharField(_("key file"), max_length=80, unique=True)
    key_check = BytesField(_("key check value"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    key_destroyed_at = models.DateTimeField(_("key destroyed"), null=True)
    key_destruction = models.ForeignKey(
        JointAct, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(BoxTable.Meta):
        verbose_name = _("ballot box")
        verbose_name_plural = _("ballot boxes")
        constraints = [
            models.CheckConstraint(
                name="budgeting_box_key_check_is_sha256", condition=_octets("key_check", 32)
            ),
            models.CheckConstraint(
                name="budgeting_box_destruction_whole",
                condition=Q(key_destroyed_at__isnull=True, key_destruction__isnull=True)
                | Q(key_destroyed_at__isnull=False, key_destruction__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}"


class Ballot(BoxTable):
    """One version of a ballot, one sheet of paper, or the token of somebody who took a sheet.

    The table is made by the migration `box_rules`, one partition per round, dropped at sealing. It
    has no foreign key, no number and no time: each of them would help to join it to people.

    - online, assisted: `ballot_key`, `version` from 1 up, and all that a commitment opens with;
    - token: `ballot_key`, version 1, channel paper, place; no content;
    - sheet: a random `ballot_key`, version 1, channel paper, place and content.
    """

    pk = models.CompositePrimaryKey("round_id", "ballot_key", "version")
    round = models.ForeignKey(
        Round, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    scope = models.ForeignKey(
        Scope, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    ballot_key = BytesField()
    version = models.IntegerField()
    channel = models.CharField(max_length=8, choices=Channel)
    place = models.CharField(max_length=40, null=True)
    content = models.TextField(null=True)
    blinding = BytesField(null=True)
    tracker = BytesField(null=True)
    commitment = BytesField(null=True)

    class Meta(BoxTable.Meta):
        managed = False
        db_table = "budgeting_ballot"
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")

    def __str__(self) -> str:
        return f"{self.round_id}"


class Leaf(BoxTable):
    """One commitment in the public list of a round, at the place where a checkpoint put it."""

    pk = models.CompositePrimaryKey("round_id", "position")
    # A constraint would be checked a million times to say what checkpoints already know.
    round = models.ForeignKey(
        Round, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    position = models.IntegerField(_("position"), help_text=_("From 0."))
    commitment = BytesField(_("commitment"))

    class Meta(BoxTable.Meta):
        verbose_name = _("published commitment")
        verbose_name_plural = _("published commitments")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "commitment"], name="budgeting_leaf_commitment_once"
            ),
            models.CheckConstraint(
                name="budgeting_leaf_commitment_is_sha256", condition=_octets("commitment", 32)
            ),
            models.CheckConstraint(
                name="budgeting_leaf_position_from_0", condition=Q(position__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.hex()}"


class Checkpoint(BoxTable):
    """A link of a round's chain: the tree over all leaves so far, and the head to be published."""

    class Occasion(models.TextChoices):
        OPENING = "opening", _("opening of the vote")
        HOURLY = "hourly", _("while voting is open")
        CLOSE = "close", _("close of the vote")
        PAPER = "paper", _("after the last paper sheet")

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="checkpoints"
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("From 1."))
    occasion = models.CharField(_("occasion"), max_length=8, choices=Occasion)
    count = models.PositiveIntegerField(_("commitments so far"))
    root = BytesField(_("root of the tree"))
    head = BytesField(_("head"))
    made_at = models.DateTimeField(_("made"))

    class Meta(BoxTable.Meta):
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="budgeting_checkpoint_numbered"
            ),
            models.CheckConstraint(
                name="budgeting_checkpoint_number_from_1", condition=Q(number__gte=1)
            ),
            models.CheckConstraint(
                name="budgeting_checkpoint_hashes_are_sha256",
                condition=RawSQL(
                    "octet_length(root) = 32 AND octet_length(head) = 32",
                    (),
                    models.BooleanField(),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.number} · {self.head.hex()[:12]}"


class Annulment(BoxTable):
    """Two people's decision that a person's ballots in a scope, up to a version, do not count.

    It stands on the person's side and names no ballot key: without the box key nobody finds the
    ballot.
    """

    class Reason(models.TextChoices):
        IMPERSONATED = "impersonated", _("somebody else voted in this person's name")
        NOT_ENTITLED = "not_entitled", _("the person was not entitled to vote")

    act = models.OneToOneField(JointAct, on_delete=models.PROTECT, related_name="annulment")
    entry = models.ForeignKey(
        RollEntry, verbose_name=_("roll entry"), on_delete=models.PROTECT, related_name="+"
    )
    scope = models.ForeignKey(
        Scope, verbose_name=_("scope"), on_delete=models.PROTECT, related_name="+"
    )
    through_version = models.PositiveIntegerField(_("up to version"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)

    class Meta(BoxTable.Meta):
        verbose_name = _("annulment")
        verbose_name_plural = _("annulments")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "scope", "through_version"], name="budgeting_annulment_once"
            ),
            models.CheckConstraint(
                name="budgeting_annulment_of_something", condition=Q(through_version__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())


class PaperAccount(BoxTable):
    """What became of the paper ballots of a place that are not in the box.

    Every invalid sheet has one reason, and the reasons add up.
    """

    scope = models.ForeignKey(
        Scope, verbose_name=_("scope"), on_delete=models.PROTECT, related_name="paper_accounts"
    )
    place = models.CharField(_("place"), max_length=40)
    invalid = models.PositiveIntegerField(_("invalid sheets"), default=0)
    invalid_unclear = models.PositiveIntegerField(
        _("invalid: the choice cannot be read"), default=0, db_default=0
    )
    invalid_limits = models.PositiveIntegerField(
        _("invalid: more or other choices than the rules allow"), default=0, db_default=0
    )
    invalid_recognisable = models.PositiveIntegerField(
        _("invalid: a sign tells who voted"), default=0, db_default=0
    )
    invalid_foreign = models.PositiveIntegerField(
        _("invalid: not a sheet of this vote"), default=0, db_default=0
    )
    not_returned = models.PositiveIntegerField(_("handed out and not returned"), default=0)

    class Meta(BoxTable.Meta):
        verbose_name = _("account of paper ballots")
        verbose_name_plural = _("accounts of paper ballots")
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "place"], name="budgeting_paperaccount_one_per_place"
            ),
            models.CheckConstraint(
                name="budgeting_paperaccount_reasons_add_up",
                condition=Q(
                    invalid=F("invalid_unclear")
                    + F("invalid_limits")
                    + F("invalid_recognisable")
                    + F("invalid_foreign")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} · {self.place}"


class Seal(BoxTable):
    """That the box of a round was sealed, with the sums the audit proved.

    Rounds whose ballots come from elsewhere are sealed from the start: they have `counted` ballots
    and none of the rest.
    """

    round = models.OneToOneField(
        Round,
        verbose_name=_("round"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="seal",
    )
    act = models.OneToOneField(JointAct, on_delete=models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(_("sealed"))
    is_imported = models.BooleanField(_("ballots from elsewhere"), default=False)
    commitments = models.PositiveIntegerField(_("commitments"), default=0)
    replaced = models.PositiveIntegerField(_("replaced"), default=0)
    annulled = models.PositiveIntegerField(_("annulled"), default=0)
    counted = models.PositiveIntegerField(_("counted"))
    counted_on_paper = models.PositiveIntegerField(_("of these on paper"), default=0)
    registered = models.PositiveIntegerField(_("people in the register, not on paper"), default=0)
    tokens = models.PositiveIntegerField(_("people who took a paper ballot"), default=0)
    checkpoints = models.PositiveIntegerField(_("checkpoints recomputed"), default=0)

    class Meta(BoxTable.Meta):
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [
            models.CheckConstraint(
                name="budgeting_seal_commitments_add_up",
                condition=Q(is_imported=True)
                | Q(commitments=F("replaced") + F("annulled") + F("counted")),
            ),
            models.CheckConstraint(
                name="budgeting_seal_register_adds_up",
                condition=Q(is_imported=True)
                | Q(registered=F("counted") - F("counted_on_paper") + F("annulled")),
            ),
            models.CheckConstraint(
                name="budgeting_seal_signed_or_imported",
                condition=Q(is_imported=True, act__isnull=True)
                | Q(is_imported=False, act__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}"


class SealedTotal(BoxTable):
    """How many counted ballots of a contest came in through a channel; not public as it is."""

    contest = models.ForeignKey(
        Contest, verbose_name=_("contest"), on_delete=models.PROTECT, related_name="sealed_totals"
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    ballots = models.PositiveIntegerField(_("ballots"))

    class Meta(BoxTable.Meta):
        verbose_name = _("total of a sealed contest")
        verbose_name_plural = _("totals of sealed contests")
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "channel"], name="budgeting_sealedtotal_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest} · {self.get_channel_display()}"


class SealedChoices(BoxTable):
    """One counted ballot of a sealed box: its choices as `budgeting.choices` writes them.

    `number` follows a random order drawn at sealing, from 1 up in each contest, without gaps.
    """

    pk = models.CompositePrimaryKey("contest_id", "number")
    contest = models.ForeignKey(
        Contest, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    number = models.IntegerField(_("number"))
    choices = models.TextField(_("choices"))

    class Meta(BoxTable.Meta):
        verbose_name = _("counted ballot")
        verbose_name_plural = _("counted ballots")

    def __str__(self) -> str:
        return f"{self.choices}"


class SealedCommitment(BoxTable):
    """One commitment of a sealed box, with the tracker on the voter's receipt, and nothing else.

    Whether it was replaced, annulled or counted is not kept for a single one: it would tell who
    holds the receipt, or makes somebody show it, what the sums tell about all.
    """

    pk = models.CompositePrimaryKey("round_id", "tracker")
    round = models.ForeignKey(
        Round, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    tracker = BytesField(_("tracker"))
    commitment = BytesField(_("commitment"))

    class Meta(BoxTable.Meta):
        verbose_name = _("sealed commitment")
        verbose_name_plural = _("sealed commitments")

    def __str__(self) -> str:
        return f"{self.tracker.hex()}"


class RegisterMark(BoxTable):
    """The marked register: that a person took part in a scope, and through which channel.

    A trigger checks for all marks of a statement at once that the entry is of the roll of the
    scope's round, and that this roll is locked: from then on other triggers let neither entry nor
    scope go. Foreign keys, which look row by row, would take a quarter of a sealing.
    """

    entry = models.ForeignKey(
        RollEntry,
        verbose_name=_("roll entry"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,  # the constraint below begins with it
    )
    scope = models.ForeignKey(
        Scope,
        verbose_name=_("scope"),
        on_delete=models.PROTECT,
        related_name="register",
        db_constraint=False,
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)

    class Meta(BoxTable.Meta):
        verbose_name = _("mark in the register")
        verbose_name_plural = _("marked register")
        constraints = [
            models.UniqueConstraint(fields=["entry", "scope"], name="budgeting_registermark_once"),
            models.CheckConstraint(
                name="budgeting_registermark_channel",
                condition=Q(channel__in=["online", "assisted", "paper"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} · {self.get_channel_display()}"
