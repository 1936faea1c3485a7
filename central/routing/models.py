"""Agencies and the ordered rules that choose one."""

from django.db import models
from django.db.models import Q

from central.incidents.kinds import Kind


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


class Rule(models.Model):
    """The first rule in `order` that matches decides."""

    order = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    """Empty matches every kind."""
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="rules")
    also_inform = models.ManyToManyField(Agency, related_name="+", blank=True)
    note = models.CharField(max_length=300, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.order}: {self.kind or '*'} → {self.agency_id}"
