"""From a plan to a database: staff, cameras and routes first, then the pieces that are missing."""

from collections.abc import Iterator
from multiprocessing import get_context

from django.db import connections
from django.db.models import Max

from central.complaints.models import Complaint
from central.incidents.kinds import Kind
from central.routing.decisions import Subject, decide
from central.routing.seeding import seed
from central.service.policies import in_force
from scripts.city_data import cameras, loading, making, people
from scripts.city_data.making import City
from scripts.city_data.plan import Plan
from scripts.city_data.streets import streets


class NotThisCity(ValueError):  # noqa: N818 — what whoever started it is told
    """The database holds something else."""


def build(plan: Plan, jobs: int = 0) -> Iterator[int]:
    """Adds what is missing, in so many processes (0: this one); yields how many pieces are there, after each.

    Raises:
        NotThisCity: the database holds complaints of another plan.
    """
    city = founded(plan)
    missing = [batch for batch in range(plan.batches) if not loading.is_loaded(plan, batch)]
    _check(city, set(range(plan.batches)) - set(missing))
    for done, _batch in enumerate(_loaded(city, missing, jobs), start=plan.batches - len(missing) + 1):
        yield done
    loading.finish(plan)


def founded(plan: Plan) -> City:
    """What every piece needs, made where it is missing."""
    seed()
    places = streets(plan.seed)
    routes = {}
    for kind in Kind.values:
        decision = decide(Subject(kind))
        routes[kind] = (decision.agency.pk, tuple(each.pk for each in decision.also_inform), decision.trace)
    return City(plan, people.hire(), places, cameras.put_up(places, plan.until), routes, in_force(plan.until))


def _check(city: City, there: set[int]) -> None:
    if there:
        batch = max(there)
        expected = making.piece(city, batch)["complaint"][-1]
        found = Complaint.objects.get(pk=expected["id"])
        if (found.number, found.tracking) != (expected["number"], expected["tracking"]):
            raise NotThisCity(
                f"complaint {found.number} is not of this city: the same --complaints, --seed and --until?"
            )
    top = Complaint.objects.aggregate(top=Max("pk"))["top"] or 0
    if top > city.plan.complaints:
        raise NotThisCity(f"there are more than {city.plan.complaints} complaints already")


def _loaded(city: City, missing: list[int], jobs: int) -> Iterator[int]:
    if jobs == 0:
        for batch in missing:
            loading.load(making.piece(city, batch))
            yield batch
        return
    connections.close_all()  # a connection must not be shared with a child
    with get_context("fork").Pool(jobs, _begin, (city,)) as pool:
        yield from pool.imap_unordered(_work, missing)


_CITY: list[City] = []
"""Of a child process."""


def _begin(city: City) -> None:
    _CITY.append(city)
    loading.load_without_checks()


def _work(batch: int) -> int:
    loading.load(making.piece(_CITY[0], batch))
    return batch
