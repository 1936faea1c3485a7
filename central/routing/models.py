"""Agencies, areas, and the versions of the rules that choose an agency."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from central.incidents.kinds import Kind
from central.routing.geometry import BadGeometry, read_geometry


class Agency(models.Model):
    """An OPD (organisasi perangkat daerah): who must act."""

    code = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    short = models.CharField(max_length=40)
    is_default_desk = models.BooleanField(default=False)
    """Gets what no rule matches."""
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "agencies"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default_desk"], condition=Q(is_default_desk=True), name="agency_one_default_desk"
            )
        ]

    def __str__(self) -> str:
        return self.short


class Area(models.Model):
    """A part of the city that rules may name."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("province")
        CITY = "city", _("city or regency")
        DISTRICT = "district", _("district (kecamatan)")
        WARD = "ward", _("ward (kelurahan)")
        OWN = "own", _("own area")

    code = models.SlugField(max_length=60, primary_key=True)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=8, choices=Level)
    polygon = models.JSONField(default=dict, blank=True)
    """GeoJSON Polygon or MultiPolygon, WGS 84; empty: not drawn yet, so that no place lies in it."""
    source = models.CharField(max_length=200, blank=True)
    """Where the polygon comes from."""
    approximate = models.BooleanField(default=False)
    """Drawn by hand: good for a demonstration, not for a dispute about a border."""
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    changed = models.DateTimeField()
    """Since when this version holds."""

    class Meta:
        ordering = ["level", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Whoever keeps areas in memory reads them again."""
        super().save(*args, **kwargs)
        Stamp.renew()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """As `save`."""
        deleted = super().delete(*args, **kwargs)
        Stamp.renew()
        return deleted

    def clean(self) -> None:
        """A polygon that cannot be read is refused here."""
        if not self.polygon:
            return
        try:
            read_geometry(self.polygon)
        except BadGeometry as error:
            raise ValidationError({"polygon": str(error)}) from error


class RuleSet(models.Model):
    """A version of the rules. A draft may be changed; one that was ever in force stays as it was."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("in force")
        RETIRED = "retired", _("no longer in force")

    version = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    note = models.CharField(max_length=300, blank=True)
    """What it is for."""
    created = models.DateTimeField()
    created_by = models.CharField(max_length=160)
    activated = models.DateTimeField(null=True, blank=True)
    activated_by = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="active"), name="rule_set_one_active"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="draft"), name="rule_set_one_draft"),
        ]

    def __str__(self) -> str:
        return f"rules v{self.version} ({self.state})"


class Rule(models.Model):
    """The first rule in `order` that matches decides. What it leaves empty matches everything."""

    ruleset = models.ForeignKey(RuleSet, on_delete=models.CASCADE, related_name="rules")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    areas = models.ManyToManyField(Area, related_name="rules", blank=True)
    """The place lies in one of them."""
    week = models.JSONField(default=dict, blank=True)
    """{"mon": ["08:00-16:00"], …} as `clock.hours` reads it."""
    zone = models.CharField(max_length=40, blank=True)
    """Of the hours; empty: the city's."""
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="rules")
    also_inform = models.ManyToManyField(Agency, related_name="+", blank=True)
    note = models.CharField(max_length=300, blank=True)
    active = models.BooleanField(default=True)
    """Off: kept, but passed over."""

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["ruleset", "order"], name="rule_order_in_set")]

    def __str__(self) -> str:
        return f"{self.order}: {self.kind or '*'} → {self.agency_id}"


class Stamp(models.Model):
    """Names the state of areas and rules: whoever keeps them in memory compares it, one cheap read.

    Random, not counted up: a number that a rolled back transaction gave out would come again for other contents.
    """

    name = models.CharField(max_length=12, primary_key=True, default="routing")
    value = models.UUIDField(default=uuid4)

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def renew(cls) -> None:
        """In the transaction that changes areas or the rules in force."""
        cls.objects.update_or_create(name="routing", defaults={"value": uuid4()})
